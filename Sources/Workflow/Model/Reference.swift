/// A step's place in the file: its name, after the names of the loops around it.
public struct StepPath: Hashable, Sendable, CustomStringConvertible {
  /// The names, outermost first.
  public var names: [String]

  /// Joins names to a path.
  public init(_ names: [String]) { self.names = names }

  /// `improve.train`.
  public var description: String { names.joined(separator: ".") }
}

/// Where an input's value comes from.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
  /// What is referred to.
  public enum Target: Hashable, Sendable {
    /// An output of a step that can be seen from here: `collect.rows`, `improve.train.model`.
    case output(step: [String], port: String)
    /// An output of the round before, in the innermost loop: `loop.previous.optimise.next`.
    case previous(step: [String], port: String)
    /// A parameter of the workflow: `params.min_f1`.
    case param(String)
  }

  /// What is referred to.
  public var target: Target
  /// Whether the value may be missing, written with a trailing `?`.
  public var mayBeMissing: Bool
  /// The text as it stands in the file.
  public var text: String
  /// Where it stands.
  public var position: SourcePosition

  /// The text as it stands in the file.
  public var description: String { text }
}

extension Reference {
  /// Reads a reference.
  ///
  /// - Throws: `NotationError` with the place and what was expected there.
  init(parsing text: String, position: SourcePosition) throws {
    var body = Substring(text)
    let mayBeMissing = body.last == "?"
    if mayBeMissing { body.removeLast() }
    var names: [String] = []
    var offset = 0
    for part in body.split(separator: ".", omittingEmptySubsequences: false) {
      guard Name.isName(part) else {
        throw NotationError(
          message: part.isEmpty ? "a name is missing in '\(text)'" : "'\(part)' is no name",
          offset: offset, length: max(1, part.unicodeScalars.count),
          remedy: "refer to a port as step.port, loop.previous.step.port or params.name")
      }
      names.append(String(part))
      offset += part.unicodeScalars.count + 1
    }
    let target: Target
    if names[0] == "params" {
      guard names.count == 2 else {
        throw NotationError(
          message: "'\(text)' names no parameter", offset: 0, length: text.unicodeScalars.count,
          remedy: "refer to a parameter as params.name")
      }
      target = .param(names[1])
    } else if names[0] == "loop" {
      guard names.count >= 4, names[1] == "previous" else {
        throw NotationError(
          message: "'\(text)' names no output of the round before",
          offset: 0, length: text.unicodeScalars.count,
          remedy: "refer to it as loop.previous.step.port?")
      }
      target = .previous(step: Array(names[2..<names.count - 1]), port: names[names.count - 1])
    } else {
      guard names.count >= 2 else {
        throw NotationError(
          message: "'\(text)' names a step but no port of it",
          offset: 0, length: text.unicodeScalars.count,
          remedy: "refer to a port as \(names[0]).port")
      }
      target = .output(step: Array(names.dropLast()), port: names[names.count - 1])
    }
    self.init(target: target, mayBeMissing: mayBeMissing, text: text, position: position)
  }
}
