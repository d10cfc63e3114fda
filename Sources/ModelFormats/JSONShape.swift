/// What a JSON value must look like, so that every stray or missing key is named.
indirect enum JSONShape: Sendable {
  case text
  case number
  case wholeNumber
  case list(JSONShape)
  /// An object whose keys are free.
  case map(JSONShape)
  /// An object with these keys and no other; an optional one may be absent or null.
  case object(_ required: [String: JSONShape], optional: [String: JSONShape] = [:])

  /// Throws at the first value that does not fit.
  ///
  /// - Parameters:
  ///   - place: The path of keys to the value; empty at the root.
  ///   - file: The file that errors name.
  func check(_ value: JSONValue, at place: String = "", file: String) throws(FormatError) {
    switch (self, value) {
    case (.text, .text), (.number, .number):
      return
    case (.wholeNumber, .number(let digits)) where Int(digits) != nil:
      return
    case (.list(let element), .array(let items)):
      for (index, item) in items.enumerated() {
        try element.check(item, at: "\(place)[\(index)]", file: file)
      }
    case (.map(let element), .object(let entries)):
      for entry in entries {
        try element.check(entry.value, at: Self.join(place, entry.key), file: file)
      }
    case (.object(let required, let optional), .object(let entries)):
      try Self.check(entries, required, optional, place, file)
    default:
      throw FormatError(
        code: .badValue, path: file,
        message: "\(place.isEmpty ? "the text" : place) is \(value.kind), not \(name)",
        remedy: "correct the value, or get the bundle again")
    }
  }

  private static func check(
    _ entries: [JSONValue.Entry], _ required: [String: JSONShape],
    _ optional: [String: JSONShape], _ place: String, _ file: String
  ) throws(FormatError) {
    for entry in entries {
      let path = join(place, entry.key)
      if let shape = required[entry.key] {
        try shape.check(entry.value, at: path, file: file)
      } else if let shape = optional[entry.key] {
        if entry.value != .null { try shape.check(entry.value, at: path, file: file) }
      } else {
        let known = (Array(required.keys) + Array(optional.keys)).sorted().joined(separator: ", ")
        throw FormatError(
          code: .unknownKey, path: file, message: "the key \(path) is unknown",
          remedy: "remove it; the keys here are \(known)")
      }
    }
    let found = Set(entries.map(\.key))
    for key in required.keys.sorted() where !found.contains(key) {
      throw FormatError(
        code: .missingKey, path: file, message: "the key \(join(place, key)) is missing",
        remedy: "add it, or get the bundle again")
    }
  }

  private var name: String {
    switch self {
    case .text: "a text"
    case .number: "a number"
    case .wholeNumber: "a whole number"
    case .list: "a list"
    case .map, .object: "an object"
    }
  }

  private static func join(_ place: String, _ key: String) -> String {
    place.isEmpty ? key : "\(place).\(key)"
  }
}
