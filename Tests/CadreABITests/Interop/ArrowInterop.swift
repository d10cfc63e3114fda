import CadreABI

/// Reads a stream into a `Table` and writes that table to another stream; for Python, beside ArrowTables.
///
/// - Parameters:
///   - source: moved from.
///   - target: memory for a stream.
///   - batchRows: rows of a batch on the way out.
///   - message: 512 bytes for what is wrong.
/// - Returns: 0, or 1 with a message.
@c(arrow_interop_round_trip)
public func roundTrip(
  _ source: UnsafeMutablePointer<ArrowArrayStream>,
  _ target: UnsafeMutablePointer<ArrowArrayStream>, _ batchRows: Int,
  _ message: UnsafeMutablePointer<CChar>
) -> CInt {
  do {
    try Table(importing: source).exportStream(to: target, batchRows: batchRows)
    return 0
  } catch {
    let text = "\(error.code.rawValue): \(error)".utf8CString.prefix(511)
    for (index, byte) in text.enumerated() { message[index] = byte }
    message[511] = 0
    return 1
  }
}
