import Contracts

/// Turns a YAML tree into a ``WorkflowFile``, collecting every problem of form on the way.
struct FileReader {
  var problems: ProblemList
  /// The parameters in force, for `${params.name}`.
  var params: [String: Setting] = [:]

  init(problems: ProblemList) { self.problems = problems }

  private static let schema = "cadre/1"
  private static let keys = ["schema", "workflow", "seed", "params", "steps"]

  mutating func file(
    _ root: YAMLValue, path: String, source: String, overrides: [String: Setting]
  ) -> WorkflowFile? {
    guard let entries = mapping(root, as: "a workflow", example: "schema: cadre/1") else {
      return nil
    }
    refuseUnknown(entries, known: Self.keys, of: "a workflow")
    readSchema(entries["schema"], root)
    let name = readName(entries["workflow"], root)
    let seed = readSeed(entries["seed"])
    readParams(entries["params"], overrides)
    var steps: [StepNode] = []
    if let entry = entries["steps"] {
      steps = nodes(entry.value, depth: 0)
    } else {
      problems.report(
        "the workflow has no 'steps'", at: root.position, remedy: "add steps: with at least one")
    }
    return WorkflowFile(
      path: path, schema: Self.schema, name: name, seed: seed, params: params, steps: steps,
      source: source)
  }

  private mutating func readSchema(_ entry: YAMLValue.Entry?, _ root: YAMLValue) {
    guard let entry else {
      problems.report(
        "the workflow does not say its schema", at: root.position,
        remedy: "begin the file with schema: \(Self.schema)")
      return
    }
    guard let schema = string(entry.value, of: "schema", example: Self.schema),
      schema != Self.schema
    else { return }
    problems.report(
      "this version does not know the schema '\(schema)'", at: entry.value.position,
      text: entry.value.text, remedy: "write schema: \(Self.schema)")
  }

  private mutating func readName(_ entry: YAMLValue.Entry?, _ root: YAMLValue) -> String {
    guard let entry else {
      problems.report(
        "the workflow has no name", at: root.position, remedy: "add workflow: my-workflow")
      return ""
    }
    guard let name = string(entry.value, of: "workflow", example: "support-desk") else { return "" }
    let fits = name.unicodeScalars.allSatisfy {
      Name.isName(String($0)) || "-.0123456789".unicodeScalars.contains($0)
    }
    if name.isEmpty || name.hasPrefix(".") || !fits {
      problems.report(
        "'\(name)' cannot name a workflow", at: entry.value.position, text: entry.value.text,
        remedy: "use letters, digits, '-', '_' and '.', not beginning with '.'")
    }
    return name
  }

  private mutating func readSeed(_ entry: YAMLValue.Entry?) -> UInt64 {
    guard let entry else { return 0 }
    guard case .scalar(.int(let seed)) = entry.value.content, seed >= 0 else {
      reportType(entry.value, key: "seed", wants: "a whole number from 0", example: "7")
      return 0
    }
    return UInt64(seed)
  }

  private mutating func readParams(
    _ entry: YAMLValue.Entry?, _ overrides: [String: Setting]
  ) {
    if let entry, let fields = mapping(entry.value, as: "'params'", example: "{min_f1: 0.88}") {
      for field in fields.all {
        if Name.isName(field.key) {
          params[field.key] = field.value.setting
        } else {
          reportName(field, what: "a parameter")
        }
      }
    }
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      let position = entry?.position ?? .start
      guard let stated = params[name] else {
        let near = NearMiss.nearest(to: name, among: Array(params.keys).sorted())
        problems.report(
          "the file has no parameter '\(name)' to set", at: position,
          remedy: near.map { "did you mean '\($0)'?" }
            ?? "add it to params: of the file first, with a value to fall back on")
        continue
      }
      let sameKind =
        stated.kindName == value.kindName || stated == .null
        || (stated.doubleValue != nil && value.doubleValue != nil)
      guard sameKind else {
        problems.report(
          "the parameter '\(name)' is \(stated.kindName), but was set to \(value.kindName)",
          at: position, remedy: "set it to \(stated.kindName)")
        continue
      }
      params[name] = value
    }
  }
}
