import Contracts
import Yams

/// Reads YAML text into ``YAMLValue`` by way of Yams' nodes, within bounds.
struct YAMLLoader {
  /// A workflow is written by hand; these bound what a hostile file can cost.
  static let byteLimit = 256 * 1024
  static let depthLimit = 24
  static let nodeLimit = 20_000
  /// Each alias may repeat a tree that holds aliases itself, so their number bounds the growth.
  static let aliasLimit = 16

  var problems: ProblemList
  private var nodeCount = 0

  init(problems: ProblemList) { self.problems = problems }

  /// The file's one document, or nil after reporting why there is none.
  mutating func load(_ source: String) -> YAMLValue? {
    guard boundsHold(source) else { return nil }
    do {
      guard let node = try Yams.compose(yaml: source, .basic, .default, .utf8) else {
        problems.report(
          "the file is empty", at: .start,
          remedy: "begin with schema: cadre/1, then workflow: and steps:")
        return nil
      }
      return try value(node, depth: 0)
    } catch let error as YamlError {
      report(error, source: source)
    } catch let error as LimitError {
      problems.report(error.message, at: error.position, remedy: error.remedy)
    } catch {
      problems.report("no YAML: \(error)", at: .start, remedy: "check the file")
    }
    return nil
  }

  private struct LimitError: Error {
    var message: String
    var position: SourcePosition
    var remedy: String
  }

  private mutating func boundsHold(_ source: String) -> Bool {
    guard source.utf8.count <= Self.byteLimit else {
      problems.report(
        "the file has \(source.utf8.count) bytes, more than \(Self.byteLimit)", at: .start,
        remedy: "keep data in files of its own and name them in the workflow")
      return false
    }
    for (offset, scalar) in source.unicodeScalars.enumerated() where !isPrintable(scalar) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      problems.report(
        "the character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) may not "
          + "stand in YAML", at: SourceLines.position(ofScalar: offset, in: source),
        remedy: "remove it, or write it as an escape in double quotes")
      return false
    }
    let aliases = YAMLAliases.positions(in: source)
    if aliases.count > Self.aliasLimit {
      problems.report(
        "more than \(Self.aliasLimit) aliases", at: aliases[Self.aliasLimit],
        remedy: "write the values out, or use params")
      return false
    }
    return true
  }

  /// The printable characters of YAML 1.2.2 (section 5.1) with tab and line breaks.
  private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
    default: false
    }
  }

  private mutating func value(_ node: Node, depth: Int) throws -> YAMLValue {
    let position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
    nodeCount += 1
    guard nodeCount <= Self.nodeLimit else {
      throw LimitError(
        message: "more than \(Self.nodeLimit) values", position: position,
        remedy: "shorten the file or use fewer aliases")
    }
    guard depth < Self.depthLimit else {
      throw LimitError(
        message: "nested deeper than \(Self.depthLimit) levels", position: position,
        remedy: "flatten the file")
    }
    switch node {
    case .scalar(let scalar): return try self.scalar(scalar, at: position)
    case .sequence(let sequence):
      let values = try sequence.map { try value($0, depth: depth + 1) }
      return YAMLValue(
        content: .list(values), position: position, text: "", textPosition: position)
    case .mapping(let mapping):
      let entries = try mapping.map { key, inner in
        let key = try self.key(key, in: position)
        return YAMLValue.Entry(
          key: key.text, position: key.position, value: try value(inner, depth: depth + 1))
      }
      return YAMLValue(
        content: .mapping(entries), position: position, text: "", textPosition: position)
    case .alias(let alias):
      // Yams puts an anchor's node in the place of its alias; this case is for trees made by hand.
      throw LimitError(
        message: "an alias '\(alias.anchor.rawValue)' without its anchor", position: position,
        remedy: "write the value out")
    }
  }

  private func key(
    _ node: Node, in mapping: SourcePosition
  ) throws -> (text: String, position: SourcePosition) {
    let position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? mapping
    // A key is text whatever it looks like: `on:` and `1:` stay as written.
    guard case .scalar(let scalar) = node else {
      throw LimitError(
        message: "a key that is a list or a mapping", position: position,
        remedy: "write a word before the ':'")
    }
    return (scalar.string, position)
  }

  private func scalar(_ scalar: Node.Scalar, at position: SourcePosition) throws -> YAMLValue {
    let quoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    let tag = scalar.tag.description
    let content: Setting
    switch tag {
    case "", "?": content = CoreSchema.resolve(plain: scalar.string)
    case "!", Tag.Name.str.rawValue: content = .string(scalar.string)
    default:
      throw LimitError(
        message: "the tag '\(tag)' means nothing here", position: position,
        remedy: "remove the tag; quote the value to make it text")
    }
    return YAMLValue(
      content: .scalar(content), position: position, text: scalar.string,
      textPosition: quoted ? position.advanced(by: 1) : position)
  }
}
