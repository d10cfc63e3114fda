import CadreABI
import Contracts

/// Reads texts that come over the boundary, and keeps copies of texts that go over it.
enum BoundaryText {
  /// Reads a text strictly.
  ///
  /// - Parameters:
  ///   - text: borrowed during the call.
  ///   - limit: the most bytes that are believed.
  ///   - place: the field, for the error.
  /// - Throws: `AgentError` for NULL with a size, an absurd size, or bytes that are not UTF-8.
  static func read(_ text: cadre_str, limit: Int, place: String) throws -> String {
    let bytes = try self.bytes(text, limit: limit, place: place)
    guard let string = String(validating: bytes, as: UTF8.self) else {
      throw AgentError(.invalidArgument, "the text is not UTF-8", where: place)
    }
    return string
  }

  /// The bytes of a text, borrowed like it.
  static func bytes(
    _ text: cadre_str, limit: Int, place: String
  ) throws -> UnsafeRawBufferPointer {
    guard text.size <= UInt64(limit) else {
      throw AgentError(
        .invalidArgument, "a size of \(text.size) bytes; at most \(limit) are taken", where: place)
    }
    guard let data = text.data else {
      guard text.size == 0 else {
        throw AgentError(
          .invalidArgument, "the text is NULL with a size of \(text.size)", where: place)
      }
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: data, count: Int(text.size))
  }

  /// Reads a text that only a person will see: broken UTF-8 is repaired, too much is cut off, and a
  /// size that cannot be one (4 GB and more) is not followed at all.
  static func lossy(_ text: cadre_str, limit: Int) -> String {
    guard let data = text.data, text.size < 1 << 32 else { return "" }
    let count = Int(min(text.size, UInt64(limit)))
    return String(decoding: UnsafeRawBufferPointer(start: data, count: count), as: UTF8.self)
  }

  /// Runs a body with a text that is borrowed during it.
  static func with<R>(_ text: String, _ body: (cadre_str) throws -> R) rethrows -> R {
    var text = text
    return try text.withUTF8 { bytes in
      try bytes.withMemoryRebound(to: CChar.self) {
        try body(cadre_str(data: $0.baseAddress, size: UInt64($0.count)))
      }
    }
  }
}

/// Texts in C memory that live as long as this object.
///
/// `@unchecked Sendable`: filled before it is shared, constant afterwards.
final class TextArena: @unchecked Sendable {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// A copy of the text.
  func copy(_ text: String) -> cadre_str {
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  /// A copy of the bytes.
  ///
  /// Never NULL, so that C code that forgets to look at the size is safe too.
  func copy(_ bytes: UnsafeRawBufferPointer) -> cadre_str {
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    block.storeBytes(of: 0, as: UInt8.self)
    if let base = bytes.baseAddress {
      block.copyMemory(from: base, byteCount: bytes.count)
    }
    blocks.append(block)
    return cadre_str(
      data: block.assumingMemoryBound(to: CChar.self), size: UInt64(bytes.count))
  }

  deinit { for block in blocks { block.deallocate() } }
}
