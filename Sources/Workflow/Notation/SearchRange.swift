import Contracts

/// What a tuner may try for one setting: `1e-4..1e-1 log`, `16..256`, `[64, 128, 256]`.
public enum SearchRange: Hashable, Sendable {
  /// Numbers from `low` to `high`, both included. `whole` allows whole numbers only; `logarithmic`
  /// searches on a logarithmic scale.
  case numbers(low: Double, high: Double, whole: Bool, logarithmic: Bool)
  /// One of these values.
  case choices([Setting])

  /// Reads what may be tried from a setting's value.
  ///
  /// Both ends written without a fraction or exponent make a range of whole numbers.
  ///
  /// - Throws: an error that says what was expected.
  public init(_ value: Setting) throws {
    switch value {
    case .list(let choices):
      guard !choices.isEmpty else {
        throw NotationError(
          message: "a search over no values", remedy: "name at least one value to try")
      }
      self = .choices(choices)
    case .string(let text):
      guard let range = try SearchRange(text: text) else { fallthrough }
      self = range
    case .bool, .int, .double, .null: self = .choices([value])
    case .object:
      throw NotationError(
        message: "a mapping is no search range",
        remedy: "write low..high, low..high log or a list of values")
    }
  }

  /// Nil where the text is no range but a single choice.
  private init?(text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let logarithmic = words.last == "log"
    let body = (logarithmic ? words.dropLast() : words[...]).joined(separator: " ")
    let sides = Quantity.range(body)
    guard let highText = sides.high else {
      guard !logarithmic else {
        throw NotationError(
          message: "'\(text)' has a scale but no range", length: text.unicodeScalars.count,
          remedy: "write low..high log, such as 1e-4..1e-1 log")
      }
      return nil
    }
    guard let low = Double(sides.low), let high = Double(highText), low.isFinite, high.isFinite
    else {
      throw NotationError(
        message: "'\(text)' is no range of numbers", length: text.unicodeScalars.count,
        remedy: "write low..high, such as 1e-4..1e-1 log or 16..256")
    }
    guard low < high else {
      throw NotationError(
        message: "the range '\(text)' is empty", length: text.unicodeScalars.count,
        remedy: "write the smaller number first")
    }
    guard !logarithmic || low > 0 else {
      throw NotationError(
        message: "a logarithmic range begins above 0, not at \(sides.low)",
        length: text.unicodeScalars.count, remedy: "begin above 0 or remove 'log'")
    }
    let whole = Int(sides.low) != nil && Int(highText) != nil
    self = .numbers(low: low, high: high, whole: whole, logarithmic: logarithmic)
  }
}
