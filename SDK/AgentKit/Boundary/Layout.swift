import CadreABI

/// The one legal test before a field is read: the struct's stated size reaches the field's end.
///
/// Tables are never copied as a whole (`let t = pointer.pointee` reads past one that is shorter than this
/// build knows); fields are read one by one through the pointer.
func reaches(_ size: UInt32, _ end: Int) -> Bool { Int(size) >= end }

/// A function of a host's table, or a failure that names it.
///
/// - Parameters:
///   - size: the table's stated size.
///   - end: the constant `CADRE_END_…` of the field.
///   - name: the function's name for the message.
///   - read: reads the field; evaluated only when it is there.
func need<Function>(
  _ size: UInt32, _ end: Int, _ name: String, _ read: @autoclosure () -> Function?
) throws(AgentFailure) -> Function {
  guard reaches(size, end), let function = read() else {
    throw AgentFailure(
      .unimplemented, "this host does not have \(name); the agent needs a newer host")
  }
  return function
}

extension cadre_str {
  /// A copy as text; broken UTF-8 is repaired.
  var text: String { String(decoding: buffer, as: UTF8.self) }

  /// A copy as bytes.
  var bytes: [UInt8] { Array(buffer) }

  private var buffer: UnsafeRawBufferPointer {
    guard let data, size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: data, count: Int(clamping: size))
  }
}

/// A text as `cadre_str`, borrowed during the call.
func withStr<Result>(_ text: String, _ body: (cadre_str) -> Result) -> Result {
  var text = text
  return text.withUTF8 { utf8 in
    utf8.withMemoryRebound(to: CChar.self) { characters in
      body(cadre_str(data: characters.baseAddress, size: UInt64(characters.count)))
    }
  }
}

/// Bytes as `cadre_str`, borrowed during the call.
func withStr<Result>(_ bytes: [UInt8], _ body: (cadre_str) -> Result) -> Result {
  bytes.withUnsafeBufferPointer { buffer in
    buffer.withMemoryRebound(to: CChar.self) { characters in
      body(cadre_str(data: characters.baseAddress, size: UInt64(characters.count)))
    }
  }
}

extension Duration {
  /// Nanoseconds, from 0 to the greatest that 64 bits hold.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
    return overflow || carry ? .max : sum
  }

  /// A time from the ABI's nanoseconds.
  init(nanoseconds: UInt64) {
    self =
      .seconds(Int64(nanoseconds / 1_000_000_000))
      + .nanoseconds(Int64(nanoseconds % 1_000_000_000))
  }
}
