import Contracts

/// Durations, sizes and search ranges as they are written in a workflow file.
public enum Quantity {
  /// Reads a duration such as `250ms`, `60s`, `1.5m`, `2h` or `1d`.
  ///
  /// - Throws: an error that says what was expected.
  public static func duration(_ text: String) throws -> Duration {
    let (number, unit) = try split(text, kind: "a duration", example: "60s", units: durationUnits)
    // Whole units stay exact; a fraction is rounded to the nanosecond.
    if let whole = Int64(number), whole < Int64.max / 1_000_000_000 / 86_400 {
      return unit * Int(whole)
    }
    guard let value = Double(number), value.isFinite, value * seconds(unit) < 1e10 else {
      throw NotationError(
        message: "the duration '\(text)' is too long", length: text.unicodeScalars.count,
        remedy: "write a shorter one")
    }
    return .nanoseconds((value * seconds(unit) * 1e9).rounded())
  }

  /// Reads the first and the longest pause: `1s..30s`, or `5s` for both.
  ///
  /// - Throws: an error that says what was expected.
  public static func durationRange(_ text: String) throws -> (first: Duration, last: Duration) {
    let parts = range(text)
    let first = try duration(parts.low)
    guard let high = parts.high else { return (first, first) }
    let last = try duration(high)
    guard first <= last else {
      throw NotationError(
        message: "the range '\(text)' is empty", length: text.unicodeScalars.count,
        remedy: "write the shorter duration first")
    }
    return (first, last)
  }

  /// Reads a size in bytes such as `512MiB`, `1GiB` or `2GB`.
  ///
  /// - Throws: an error that says what was expected.
  public static func bytes(_ text: String) throws -> Int {
    let (number, unit) = try split(text, kind: "a size", example: "1GiB", units: byteUnits)
    let value = (Double(number) ?? .infinity) * Double(unit)
    guard value < 9e18 else {
      throw NotationError(
        message: "the size '\(text)' is too large", length: text.unicodeScalars.count,
        remedy: "write a smaller one")
    }
    return Int(value)
  }

  // MARK: Parts

  private static let durationUnits: [(name: String, size: Duration)] = [
    ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3_600)),
    ("d", .seconds(86_400)),
  ]

  private static let byteUnits: [(name: String, size: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ("KB", 1_000), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000), ("B", 1),
  ]

  private static func seconds(_ unit: Duration) -> Double {
    Double(unit.components.seconds) + Double(unit.components.attoseconds) * 1e-18
  }

  /// The two sides of `low..high`; no high side where there is one value only.
  static func range(_ text: String) -> (low: String, high: String?) {
    let bytes = Array(text.utf8)
    let dot = UInt8(ascii: ".")
    guard bytes.count >= 2,
      let middle = (0..<bytes.count - 1).first(where: { bytes[$0] == dot && bytes[$0 + 1] == dot })
    else { return (text, nil) }
    func trimmed(_ part: ArraySlice<UInt8>) -> String {
      let space = UInt8(ascii: " ")
      return String(
        decoding: part.drop { $0 == space }.reversed().drop { $0 == space }.reversed(),
        as: UTF8.self)
    }
    return (trimmed(bytes[..<middle]), trimmed(bytes[(middle + 2)...]))
  }

  private static func split<Unit>(
    _ text: String, kind: String, example: String, units: [(name: String, size: Unit)]
  ) throws -> (number: String, unit: Unit) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let name = text[number.endIndex...].drop { $0 == " " }
    let names = units.map(\.name)
    guard let value = Double(number), value.isFinite, number.last != "." else {
      throw NotationError(
        message: "'\(text)' is not \(kind)", length: text.unicodeScalars.count,
        remedy: "write a number with a unit, such as \(example)")
    }
    guard let unit = units.first(where: { $0.name == name }) else {
      throw NotationError(
        message: name.isEmpty ? "'\(text)' has no unit" : "'\(name)' is no unit of \(kind)",
        offset: name.isEmpty ? 0 : number.unicodeScalars.count,
        length: name.isEmpty ? text.unicodeScalars.count : name.unicodeScalars.count,
        remedy: "units are \(names.joined(separator: ", ")), as in \(example)")
    }
    return (String(number), unit.size)
  }
}
