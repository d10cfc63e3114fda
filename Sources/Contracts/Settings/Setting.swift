/// One value of a step's settings: what JSON can say, with integers kept apart and the keys in order.
///
/// Settings travel from the workflow file to an agent as JSON text, so nothing here is richer than
/// JSON. Order is kept because it is the author's: a search space is tried and shown as written.
///
///     let setting: Setting = ["clean": ["nfc", "trim"], "seed": 7]
///     setting["clean"]?.listValue?.count  // 2
public indirect enum Setting: Hashable, Sendable {
  /// No value.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number that fits 64 bits.
  case int(Int)
  /// Any other number. Infinities and NaN cannot be written as JSON.
  case double(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case list([Setting])
  /// Keys with their values, in the order of the file. A key stands once.
  case object([Field])

  /// A key of an object with its value.
  public struct Field: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: Setting

    /// Joins a key with its value.
    public init(_ key: String, _ value: Setting) {
      self.key = key
      self.value = value
    }
  }
}

extension Setting {
  /// The value of `key`, or nil where this is no object or has no such key.
  ///
  /// - Complexity: O(keys). Settings are small; a dictionary would lose their order.
  public subscript(key: String) -> Setting? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }

  /// The Boolean, or nil for every other kind.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number, or nil; a double is not rounded.
  public var intValue: Int? {
    if case .int(let value) = self { value } else { nil }
  }

  /// The number, whole or not, or nil for every other kind.
  public var doubleValue: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The text, or nil for every other kind; a number is not printed.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The values of a list, or nil for every other kind.
  public var listValue: [Setting]? {
    if case .list(let values) = self { values } else { nil }
  }

  /// The fields of an object in order, or nil for every other kind.
  public var fields: [Field]? {
    if case .object(let fields) = self { fields } else { nil }
  }

  /// What this value is, in the words of an error message: `a number`, `a list`.
  public var kindName: String {
    switch self {
    case .null: "nothing"
    case .bool: "true or false"
    case .int: "a whole number"
    case .double: "a number"
    case .string: "text"
    case .list: "a list"
    case .object: "a mapping"
    }
  }
}

extension Setting: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes `null`.
  public init(nilLiteral: ()) { self = .null }
  /// Makes a Boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes a whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// Makes text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a list.
  public init(arrayLiteral elements: Setting...) { self = .list(elements) }
  /// Makes an object whose keys keep their order.
  public init(dictionaryLiteral elements: (String, Setting)...) {
    self = .object(elements.map { Field($0.0, $0.1) })
  }
}
