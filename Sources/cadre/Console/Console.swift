import Glibc
import Synchronization
import SystemShims

/// One of the process's text streams: knows whether a person watches, how wide the window is, and
/// paints only then.
struct Console: Sendable {
  /// A colour or weight.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  let descriptor: Int32
  /// True on a terminal that can move its cursor.
  let isInteractive: Bool
  /// True where colours may be used.
  let hasColour: Bool

  static let standardOutput = Console(descriptor: STDOUT_FILENO)
  static let standardError = Console(descriptor: STDERR_FILENO)

  init(descriptor: Int32) {
    self.descriptor = descriptor
    let environment = ThisProcess.environment
    let isTerminal = Terminal.isTerminal(descriptor) && environment["TERM"] != "dumb"
    isInteractive = isTerminal
    // https://no-color.org: any value but the empty one.
    hasColour = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Columns of the window.
  var width: Int { Terminal.width(descriptor) ?? 100 }

  /// The text in a style, where colours may be used.
  func paint(_ text: String, _ style: Style) -> String {
    hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// What a command does when its output cannot be written.
  enum LostOutput {
    /// End: a filter without a reader ends quietly, a full disk is an error.
    case ends
    /// Go on, and remember: a run is worth more than its progress.
    case isRemembered
  }

  private static let policy = Mutex(LostOutput.ends)
  private static let lost = Mutex<Int32>(0)

  /// Lets the work go on when output is lost; `lostOutput` tells of it afterwards.
  static func rememberLostOutput() { policy.withLock { $0 = .isRemembered } }

  /// Why output was lost, or nil.
  ///
  /// A reader that has gone is no loss.
  static var lostOutput: String? {
    let number = lost.withLock { $0 }
    return number == 0 || number == EPIPE ? nil : String(cString: strerror(number))
  }

  /// Writes all of a text.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0 {
          if errno == EINTR || errno == EAGAIN { continue }
          give(up: errno)
          return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  private func give(up number: Int32) {
    Self.lost.withLock { $0 = number }
    if Self.policy.withLock({ $0 == .isRemembered }) { return }
    if number == EPIPE { exit(0) }
    if descriptor != STDERR_FILENO {
      let reason = String(cString: strerror(number))
      Self.standardError.write("error: the output could not be written: \(reason)\n")
    }
    exit(1)
  }

  /// Writes a line.
  func line(_ text: String = "") { write(text + "\n") }
}

/// Rows in columns as wide as their widest cell; the last column is not padded.
func table(_ rows: [[String]], indent: String = "") -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? visibleWidth($0[column]) : 0 }.max() ?? 0
  }
  return rows.map { row in
    var line = indent
    for (column, cell) in row.enumerated() {
      line += cell
      if column < row.count - 1 {
        line += String(repeating: " ", count: widths[column] - visibleWidth(cell) + 2)
      }
    }
    return line + "\n"
  }.joined()
}

/// Characters that take a place on the screen: colour codes do not.
func visibleWidth(_ text: String) -> Int {
  var width = 0
  var isEscape = false
  for character in text {
    if character == "\u{1B}" {
      isEscape = true
    } else if isEscape {
      if character == "m" { isEscape = false }
    } else {
      width += 1
    }
  }
  return width
}

/// A text cut to a width, with an ellipsis where something is missing.
func clipped(_ text: String, to width: Int) -> String {
  guard text.count > width else { return text }
  return width <= 1 ? "" : String(text.prefix(width - 1)) + "…"
}
