/// What JSON can say, with whole numbers kept apart and the keys of objects in order.
///
///     let value: JSONValue = ["labels": ["ham", "spam"], "epochs": 12]
///     value["epochs"]?.intValue  // 12
///     value.text                 // {"labels":["ham","spam"],"epochs":12}
public indirect enum JSONValue: Sendable, Hashable {
  /// No value.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number that fits 64 bits.
  case int(Int)
  /// Any other number.
  case double(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Keys with their values, in order; a key stands once.
  case object([Member])

  /// A key of an object with its value.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Joins a key with its value.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// The value of a key; nil where this is no object or has no such key.
  ///
  /// Setting nil removes the key; setting on `null` begins an object; on another kind it does nothing.
  ///
  /// - Complexity: O(keys).
  public subscript(key: String) -> JSONValue? {
    get {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.key == key }?.value
    }
    set {
      var members: [Member]
      switch self {
      case .object(let present): members = present
      case .null: members = []
      default: return
      }
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key, value))
      case (nil, nil): return
      }
      self = .object(members)
    }
  }

  /// The Boolean, or nil for every other kind.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number, or nil; a number with a fraction is not rounded.
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

  /// The values of an array, or nil for every other kind.
  public var arrayValue: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The texts of an array of texts, or nil for everything else.
  public var stringsValue: [String]? {
    guard let values = arrayValue else { return nil }
    let texts = values.compactMap(\.stringValue)
    return texts.count == values.count ? texts : nil
  }

  /// The members of an object in order, or nil for every other kind.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// What this value is, in the words of an error message.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .int: "a whole number"
    case .double: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
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
  /// Makes a text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes an array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Makes an object; of a key that stands twice the last value stays.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object([])
    for (key, value) in elements { self[key] = value }
  }
}
