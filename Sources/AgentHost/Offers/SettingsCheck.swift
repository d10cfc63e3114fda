import Contracts

/// Checks settings against what an offer says about them, and completes them with its defaults.
///
/// All that is wrong is reported at once: unknown keys with the nearest known one, wrong types,
/// numbers out of range, values that are no choice, required settings that are missing.
///
/// - Parameters:
///   - settings: an object; `null` stands for an empty one.
///   - specs: the offer's settings.
///   - agent: the agent's id, for the error.
/// - Returns: an object with a value for every spec that has one, in the specs' order. A whole number
///   for an `f64` has become a double.
/// - Throws: `AgentError` of code `invalidArgument`.
/// - Complexity: O(settings · specs).
public func checkSettings(
  _ settings: Setting, against specs: [SettingSpec], agent: String = ""
) throws(AgentError) -> Setting {
  guard let fields = settings == .null ? [] : settings.fields else {
    throw AgentError(
      .invalidArgument, "settings must be a mapping, not \(settings.kindName)", where: "settings",
      agent: agent)
  }
  var problems: [SettingProblem] = []
  var given: [String: Setting] = [:]
  for field in fields {
    guard let spec = specs.first(where: { $0.name == field.key }) else {
      problems.append(SettingCheck.unknown(field.key, among: specs.map(\.name)))
      continue
    }
    switch SettingCheck.check(field.value, against: spec) {
    case .success(let value): given[field.key] = value
    case .failure(let problem): problems.append(problem)
    }
  }
  let completed = specs.compactMap { spec in
    (given[spec.name] ?? spec.initial).map { Setting.Field(spec.name, $0) }
  }
  for spec in specs where spec.initial == nil && !fields.contains(where: { $0.key == spec.name }) {
    problems.append(SettingProblem(key: spec.name, text: "is required and is not set"))
  }
  guard problems.isEmpty else {
    throw AgentError(
      .invalidArgument,
      problems.map { "setting '\($0.key)' \($0.text)" }.joined(separator: "; "),
      where: problems.map(\.key).joined(separator: ", "), agent: agent)
  }
  return .object(completed)
}

/// One thing that is wrong with a setting.
struct SettingProblem: Error, Hashable {
  /// The key.
  let key: String
  /// What is wrong, to stand behind the key.
  let text: String
}

/// The rules of one setting.
enum SettingCheck {
  /// The problem of a key that no spec has.
  static func unknown(_ key: String, among names: [String]) -> SettingProblem {
    let remedy =
      NearMiss.nearest(to: key, among: names).map { "did you mean '\($0)'?" }
      ?? (names.isEmpty
        ? "the agent takes no settings" : "there are \(names.joined(separator: ", "))")
    return SettingProblem(key: key, text: "is unknown; \(remedy)")
  }

  /// Checks a value, and brings a whole number to the type that the spec wants.
  static func check(
    _ value: Setting, against spec: SettingSpec
  ) -> Result<Setting, SettingProblem> {
    func fail(_ text: String) -> Result<Setting, SettingProblem> {
      .failure(SettingProblem(key: spec.name, text: text))
    }
    // Where nothing is a possible default, it may also be asked for.
    if value == .null, spec.initial == .null { return .success(value) }
    var value = value
    switch spec.kind {
    case .json: break
    case .f64:
      guard let number = value.doubleValue else {
        return fail("must be a number, not \(value.kindName)")
      }
      value = .double(number)
    case .i64:
      guard value.intValue != nil else {
        return fail("must be a whole number, not \(value.kindName)")
      }
    case .bool:
      guard value.boolValue != nil else {
        return fail("must be true or false, not \(value.kindName)")
      }
    case .utf8:
      // A path may be an object of named paths.
      guard value.stringValue != nil || (spec.path && value.fields != nil) else {
        return fail("must be text, not \(value.kindName)")
      }
    }
    if let range = spec.range, let number = value.doubleValue, !range.contains(number) {
      return fail("must lie in \(range.lowerBound)...\(range.upperBound), not \(value.json)")
    }
    if !spec.choices.isEmpty, !spec.choices.contains(where: { equal($0, value) }) {
      let choices = spec.choices.map(\.json).joined(separator: ", ")
      return fail("must be one of \(choices), not \(value.json)")
    }
    return .success(value)
  }

  private static func equal(_ choice: Setting, _ value: Setting) -> Bool {
    if let a = choice.doubleValue, let b = value.doubleValue { return a == b }
    return choice == value
  }
}
