/// The settings of an award or of a tuner, read by name and type.
///
///     let rate = try award.settings.double("learning_rate")
///
/// The host checked them against the offer; what does not fit all the same is refused by name.
public struct Settings: Sendable, Hashable {
  /// All of them, an object.
  public private(set) var all: JSONValue

  /// Settings from an object.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` when it is no object; null counts as empty.
  public init(_ all: JSONValue) throws(AgentFailure) {
    switch all {
    case .object: self.all = all
    case .null: self.all = .object([])
    default:
      throw AgentFailure(.invalidArgument, "settings are an object, not \(all.kindName)")
    }
  }

  /// The settings with the defaults of a list of specifications for what is not there.
  public func completed(by specs: [SettingSpec]) -> Settings {
    var result = self
    for spec in specs where all[spec.name] == nil { result.all[spec.name] = spec.initial }
    return result
  }

  /// The settings with those of another object over them.
  public func overridden(by other: Settings) -> Settings {
    var result = self
    for member in other.all.members ?? [] { result.all[member.key] = member.value }
    return result
  }

  /// The value of a setting; nil when it is null or not there.
  public subscript(name: String) -> JSONValue? {
    let value = all[name]
    return value == .null ? nil : value
  }

  /// A number.
  public func double(_ name: String) throws(AgentFailure) -> Double {
    try read(name, "a number", \.doubleValue)
  }

  /// A whole number.
  public func int(_ name: String) throws(AgentFailure) -> Int {
    try read(name, "a whole number", \.intValue)
  }

  /// `true` or `false`.
  public func bool(_ name: String) throws(AgentFailure) -> Bool {
    try read(name, "true or false", \.boolValue)
  }

  /// A text.
  public func string(_ name: String) throws(AgentFailure) -> String {
    try read(name, "a text", \.stringValue)
  }

  /// An array of texts.
  public func strings(_ name: String) throws(AgentFailure) -> [String] {
    try read(name, "an array of texts", \.stringsValue)
  }

  private func read<Value>(
    _ name: String, _ wanted: String, _ get: (JSONValue) -> Value?
  ) throws(AgentFailure) -> Value {
    guard let present = all[name] else {
      throw AgentFailure(.invalidArgument, "the setting is missing", where: "settings.\(name)")
    }
    guard let value = get(present) else {
      throw AgentFailure(
        .invalidArgument, "should be \(wanted), not \(present.kindName)",
        where: "settings.\(name)")
    }
    return value
  }
}
