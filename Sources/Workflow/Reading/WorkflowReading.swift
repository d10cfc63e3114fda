import Contracts

/// What reading a workflow file gave: the file as far as it could be read, and every problem.
public struct WorkflowReading: Sendable {
  /// The file as far as it could be read; nil where it is no YAML mapping at all.
  public let file: WorkflowFile?
  /// The problems of form, in the order of the file.
  public let problems: [Diagnostic]

  /// Checks the meaning as well, against what agents offer.
  ///
  /// What could not be read is not blamed a second time.
  ///
  /// - Returns: all problems, those of form and those of meaning, in the order of the file.
  public func check(offers: [Offer]) -> [Diagnostic] {
    (problems + (file.map { Workflow.check($0, offers: offers) } ?? [])).sorted()
  }

  /// The file, once it has no errors of form or meaning.
  ///
  /// Warnings pass.
  ///
  /// - Throws: `WorkflowError` with all problems.
  public func checked(offers: [Offer]) throws -> WorkflowFile {
    let problems = check(offers: offers)
    guard let file, !problems.contains(where: { $0.severity == .error }) else {
      throw WorkflowError(diagnostics: problems)
    }
    return file
  }
}

/// A workflow file that cannot run, with everything that is wrong in it.
public struct WorkflowError: Error, Sendable, CustomStringConvertible {
  /// The problems in the order of the file.
  public let diagnostics: [Diagnostic]

  /// Joins problems to one error.
  public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// Each problem as a compiler shows it.
  public var description: String {
    diagnostics.map(\.description).joined(separator: "\n")
  }
}

extension WorkflowFile {
  /// Reads a workflow from text.
  ///
  /// - Parameters:
  ///   - text: the YAML text.
  ///   - path: how messages name the file.
  ///   - params: values that replace the file's parameters of the same names.
  /// - Complexity: O(text) within the bounds of the format's reference page.
  public static func read(
    _ text: String, path: String, params: [String: Setting] = [:]
  ) -> WorkflowReading {
    // A byte order mark is no part of the text and would shift the first line's columns.
    let source =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    var loader = YAMLLoader(problems: ProblemList(file: path, source: source))
    let root = loader.load(source)
    guard let root else {
      return WorkflowReading(file: nil, problems: loader.problems.all.sorted())
    }
    var reader = FileReader(problems: loader.problems)
    let file = reader.file(root, path: path, source: source, overrides: params)
    return WorkflowReading(file: file, problems: reader.problems.all.sorted())
  }

  /// Reads a workflow from bytes, which must be UTF-8.
  public static func read(
    bytes: [UInt8], path: String, params: [String: Setting] = [:]
  ) -> WorkflowReading {
    if let text = String(validating: bytes, as: UTF8.self) {
      return read(text, path: path, params: params)
    }
    // Repairing puts U+FFFD at the first offence; there the valid text ends.
    let repaired = String(decoding: bytes, as: UTF8.self)
    let offset = Array(repaired.unicodeScalars).firstIndex(of: "\u{FFFD}") ?? 0
    var problems = ProblemList(file: path, source: repaired)
    problems.report(
      "bytes that are not UTF-8", at: SourceLines.position(ofScalar: offset, in: repaired),
      text: "\u{FFFD}", remedy: "save the file as UTF-8")
    return WorkflowReading(file: nil, problems: problems.all)
  }
}
