import Contracts

/// A mapping's entries, to be found by key.
struct Entries {
  let all: [YAMLValue.Entry]

  subscript(key: String) -> YAMLValue.Entry? { all.first { $0.key == key } }
}

extension FileReader {
  /// The entries of a mapping, or nil after reporting that it is none.
  mutating func mapping(_ value: YAMLValue, as what: String, example: String) -> Entries? {
    guard case .mapping(let entries) = value.content else {
      problems.report(
        "\(what) is a mapping, not \(value.kindName)", at: value.position, text: value.text,
        remedy: "write it as \(example)")
      return nil
    }
    return Entries(all: entries)
  }

  /// Reports each key that is not known, with the nearest that is.
  mutating func refuseUnknown(_ entries: Entries, known: [String], of what: String) {
    for entry in entries.all where !known.contains(entry.key) {
      let remedy =
        if entry.key == "<<" {
          "YAML 1.2 has no merge keys: write the keys out"
        } else if let near = NearMiss.nearest(to: entry.key, among: known) {
          "did you mean '\(near)'?"
        } else {
          "keys of \(what) are \(known.joined(separator: ", "))"
        }
      problems.report(
        "'\(entry.key)' is no key of \(what)", at: entry.position, text: entry.key,
        remedy: remedy)
    }
  }

  /// Reports a value of the wrong type.
  mutating func reportType(
    _ value: YAMLValue, key: String, wants: String, example: String
  ) {
    problems.report(
      "'\(key)' takes \(wants), not \(value.shown)", at: value.position, text: value.text,
      remedy: "write \(key): \(example)")
  }

  /// Reports a key that cannot be a name.
  mutating func reportName(_ entry: YAMLValue.Entry, what: String) {
    let reserved = Name.reserved.contains(entry.key)
    problems.report(
      reserved
        ? "'\(entry.key)' cannot name \(what): references use it"
        : "'\(entry.key)' cannot name \(what)", at: entry.position, text: entry.key,
      remedy: reserved
        ? "choose another name"
        : "use letters, digits and '_', not beginning with a digit")
  }

  /// Text, or nil after reporting what else it is.
  mutating func string(_ value: YAMLValue, of key: String, example: String) -> String? {
    guard case .scalar(.string(let text)) = value.content else {
      reportType(value, key: key, wants: "text", example: example)
      return nil
    }
    return text
  }

  /// A whole number from `minimum`, or nil after reporting what else it is.
  mutating func whole(
    _ value: YAMLValue, of key: String, from minimum: Int, example: String
  ) -> Int? {
    guard case .scalar(.int(let number)) = value.content, number >= minimum else {
      reportType(value, key: key, wants: "a whole number from \(minimum)", example: example)
      return nil
    }
    return number
  }

  /// A value in a short notation, or nil after reporting what is wrong in it.
  mutating func notation<Value>(
    _ value: YAMLValue, of key: String, example: String, _ parse: (String) throws -> Value
  ) -> Value? {
    guard let text = string(value, of: key, example: example) else { return nil }
    return notation(text, in: value, of: key, parse)
  }

  /// The same for text that has been taken out of the value already.
  mutating func notation<Value>(
    _ text: String, in value: YAMLValue, of key: String, _ parse: (String) throws -> Value
  ) -> Value? {
    do {
      return try parse(text)
    } catch let error as NotationError {
      problems.report(error, in: value.text, at: value.textPosition, prefix: "'\(key)': ")
    } catch let error as PortTypeError {
      let notation = NotationError(
        message: error.message, offset: error.offset, length: error.length,
        remedy: error.suggestion ?? "see the notation of types in Documentation/Workflow.md")
      problems.report(notation, in: value.text, at: value.textPosition, prefix: "'\(key)': ")
    } catch {
      problems.report(
        "'\(key)': \(error)", at: value.position, text: value.text, remedy: "correct the value")
    }
    return nil
  }

  /// The setting with `${params.name}` put in.
  ///
  /// A value that is nothing but a parameter takes its type; inside of text the value is printed.
  mutating func substituted(_ value: YAMLValue) -> Setting {
    switch value.content {
    case .scalar(.string(let text)): return substituted(text, in: value)
    case .scalar(let setting): return setting
    case .list(let values): return .list(values.map { substituted($0) })
    case .mapping(let entries):
      return .object(entries.map { Setting.Field($0.key, substituted($0.value)) })
    }
  }

  private mutating func substituted(_ text: String, in value: YAMLValue) -> Setting {
    guard text.contains("${") else { return .string(text) }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      let before = rest[..<start.lowerBound]
      let after = rest[start.upperBound...]
      guard let end = after.firstIndex(of: "}") else {
        problems.report(
          "'${' without its '}'", at: value.position, text: value.text,
          remedy: "write ${params.name}")
        return .string(text)
      }
      let name = after[..<end]
      guard name.hasPrefix("params."), let param = params[String(name.dropFirst(7))] else {
        let near = NearMiss.nearest(
          to: String(name), among: params.keys.sorted().map { "params.\($0)" })
        problems.report(
          "no parameter '${\(name)}'", at: value.position, text: value.text,
          remedy: near.map { "did you mean '${\($0)}'?" } ?? "add it to params: of the file")
        return .string(text)
      }
      if before.isEmpty, result.isEmpty, after.index(after: end) == text.endIndex { return param }
      result += before + (param.stringValue ?? param.json)
      rest = after[after.index(after: end)...]
    }
    return .string(result + rest)
  }
}

extension YAMLValue {
  /// The value as a message shows it: its kind, and a scalar's text.
  var shown: String {
    guard case .scalar(let value) = content, value != .null, text.count <= 60 else {
      return kindName
    }
    return "'\(text)'"
  }
}
