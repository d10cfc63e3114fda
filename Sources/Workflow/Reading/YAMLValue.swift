import Contracts

/// A node of the YAML file, resolved by YAML 1.2's core rules, with its place.
struct YAMLValue {
  indirect enum Content {
    /// Null, a Boolean, a number or text.
    case scalar(Setting)
    case list([YAMLValue])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    /// Where the key stands.
    var position: SourcePosition
    var value: YAMLValue
  }

  var content: Content
  /// Where the node begins: at its quote where it has one.
  var position: SourcePosition
  /// A scalar's text as written, without quotes; empty for lists and mappings.
  var text: String
  /// Where the text begins: after the quote where there is one.
  var textPosition: SourcePosition

  /// What the node is, in the words of an error message.
  var kindName: String {
    switch content {
    case .scalar(let value): value.kindName
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The node as a setting, its keys in order.
  var setting: Setting {
    switch content {
    case .scalar(let value): value
    case .list(let values): .list(values.map(\.setting))
    case .mapping(let entries): .object(entries.map { Setting.Field($0.key, $0.value.setting) })
    }
  }

  /// Where the node's parts stand, by their path: `` for itself, `train`, `space.lr`, `0`.
  var positions: ValuePositions {
    var result = ValuePositions()
    func walk(_ value: YAMLValue, _ path: String) {
      result.values[path] = value.position
      let lead = path.isEmpty ? "" : path + "."
      switch value.content {
      case .scalar: break
      case .list(let values):
        for (index, inner) in values.enumerated() { walk(inner, lead + String(index)) }
      case .mapping(let entries):
        for entry in entries {
          result.keys[lead + entry.key] = entry.position
          walk(entry.value, lead + entry.key)
        }
      }
    }
    walk(self, "")
    return result
  }
}

/// Resolves plain scalars by the core schema of YAML 1.2.2 (section 10.3.2).
///
/// Yams resolves by YAML 1.1, where `on`, `no` and `y` are Booleans and `1:30` is a number.
enum CoreSchema {
  static func resolve(plain text: String) -> Setting {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .double(.nan)
    default: break
    }
    return whole(text) ?? fraction(text) ?? .string(text)
  }

  private static func whole(_ text: String) -> Setting? {
    if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
    let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : Substring(text)
    guard !unsigned.isEmpty, unsigned.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return nil
    }
    // What does not fit 64 bits keeps its size and loses digits, as in JSON.
    return Int(text).map(Setting.int) ?? Double(text).map(Setting.double)
  }

  private static func digits(_ digits: Substring, radix: Int) -> Setting? {
    guard digits.first?.isHexDigit == true else { return nil }
    return Int(digits, radix: radix).map(Setting.int)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` and the infinities.
  private static func fraction(_ text: String) -> Setting? {
    var rest = Substring(text)
    let negative = rest.first == "-"
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    if [".inf", ".Inf", ".INF"].contains(rest) {
      return .double(negative ? -.infinity : .infinity)
    }
    func takeDigits() -> Int {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
      return digits.count
    }
    let before = takeDigits()
    var after = 0
    if rest.first == "." {
      rest.removeFirst()
      after = takeDigits()
    }
    guard before + after > 0 else { return nil }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      guard takeDigits() > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    // Swift reads neither `.5` with a sign before the dot nor `5.` everywhere: make both regular.
    let regular = text.replacing(".", with: before == 0 ? "0." : ".")
    let padded = after == 0 ? regular.replacing(".", with: ".0") : regular
    return Double(padded).map(Setting.double)
  }
}
