/// Splits a stream of bytes into lines at LF; a CR before it belongs to the line's end.
///
/// Memory: one line.
struct LineSplitter {
  private var rest: [UInt8] = []

  /// Takes the next piece and gives each complete line.
  mutating func split(
    _ chunk: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws -> Void
  ) rethrows {
    var start = chunk.startIndex
    while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if rest.isEmpty {
        try body(Self.withoutReturn(chunk[start..<end]))
      } else {
        rest += chunk[start..<end]
        let line = rest
        rest = []
        try body(Self.withoutReturn(line[...]))
      }
      start = end + 1
    }
    rest += chunk[start...]
  }

  /// Gives the last line where no LF followed it.
  mutating func finish(_ body: (ArraySlice<UInt8>) throws -> Void) rethrows {
    if !rest.isEmpty { try body(Self.withoutReturn(rest[...])) }
    rest = []
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
