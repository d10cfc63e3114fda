import Contracts

/// Reads a JSON object strictly: every key must be known, every value of its type.
struct FieldReader {
  /// What goes into each error: which file is at fault and what the reader is to do.
  struct Source {
    let code: PluginError.Code
    let file: String
    /// "the manifest", "the trust list".
    let noun: String
    let remedy: String

    func error(_ message: String) -> PluginError {
      PluginError(code, file: file, "\(noun) \(file): \(message)", remedy: remedy)
    }

    /// Reads JSON text.
    func setting(_ bytes: [UInt8]) throws(PluginError) -> Setting {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw error("it is not UTF-8")
      }
      do {
        return try Setting(json: text, depthLimit: 16)
      } catch {
        throw self.error("\(error)")
      }
    }
  }

  private let source: Source
  private let place: String
  private let fields: [Setting.Field]

  /// Takes an object apart.
  ///
  /// - Parameters:
  ///   - place: Where in the file it stands, empty for the whole of it.
  ///   - known: The keys that may stand in it.
  init(
    _ setting: Setting, place: String, known: [String], source: Source
  ) throws(PluginError) {
    self.source = source
    self.place = place
    let name = place.isEmpty ? "the file" : "\"\(place)\""
    guard let fields = setting.fields else {
      throw source.error("\(name) must be a mapping, not \(setting.kindName)")
    }
    for field in fields where !known.contains(field.key) {
      let key = String(field.key.prefix(80))
      let hint = NearMiss.nearest(to: key, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      throw source.error("unknown key \"\(Self.join(place, key))\"\(hint)")
    }
    self.fields = fields
  }

  /// The value of a key, or nil where it does not stand.
  func value(_ key: String) -> Setting? { fields.first { $0.key == key }?.value }

  func required(_ key: String) throws(PluginError) -> Setting {
    guard let value = value(key) else { throw error(key, "is missing") }
    return value
  }

  /// A text of at most `limit` bytes.
  func string(_ key: String, limit: Int = 4096) throws(PluginError) -> String {
    let value = try required(key)
    guard let text = value.stringValue else {
      throw error(key, "must be text, not \(value.kindName)")
    }
    guard text.utf8.count <= limit else { throw error(key, "is longer than \(limit) bytes") }
    return text
  }

  /// A number of 16 bits.
  func version(_ key: String) throws(PluginError) -> Int {
    let value = try required(key)
    guard let number = value.intValue, (0...65535).contains(number) else {
      throw error(key, "must be a whole number from 0 to 65535")
    }
    return number
  }

  /// A list, empty where the key does not stand.
  func list(_ key: String, limit: Int) throws(PluginError) -> [Setting] {
    guard let value = value(key) else { return [] }
    guard let values = value.listValue else {
      throw error(key, "must be a list, not \(value.kindName)")
    }
    guard values.count <= limit else { throw error(key, "has more than \(limit) entries") }
    return values
  }

  func error(_ key: String, _ message: String) -> PluginError {
    source.error("\"\(Self.join(place, key))\" \(message)")
  }

  private static func join(_ place: String, _ key: String) -> String {
    place.isEmpty ? key : "\(place).\(key)"
  }
}
