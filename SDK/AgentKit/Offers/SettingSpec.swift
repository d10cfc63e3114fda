/// One setting that `with:` in a workflow, or a tuner, may set.
///
///     .f64("learning_rate", 0.003, in: 1e-5...0.1, tunable: true, log: true)
///     .utf8("case", "lower", choices: ["keep", "lower"])
///     .path("path")
///
/// The host checks names, types and ranges before the agent sees them. A setting without a default is
/// required.
public struct SettingSpec: Sendable, Hashable {
  /// What holds for the setting; the bits are the ABI's.
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// Flags from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Searched on a logarithmic scale.
    public static let log = Flags(rawValue: 1)
    /// Part of the agent's search space.
    public static let tunable = Flags(rawValue: 2)
    /// There is no default.
    public static let required = Flags(rawValue: 4)
    /// Any JSON value.
    public static let json = Flags(rawValue: 8)
    /// A path, or an object of paths, resolved against the workflow file's folder.
    public static let path = Flags(rawValue: 16)
  }

  /// The key.
  public var name: String
  /// One line for a person.
  public var about: String
  /// The type of the value: `f64`, `i64`, `bool` or `utf8`.
  public var type: ElementType
  /// What holds for the setting.
  public var flags: Flags
  /// The value when nobody sets it; nil when the setting is required.
  public var initial: JSONValue?
  /// The inclusive range of a number, or nil.
  public var range: ClosedRange<Double>?
  /// The only values allowed; empty when any is.
  public var choices: [JSONValue]

  /// A setting; the factories say it shorter.
  public init(
    _ name: String, _ type: ElementType, initial: JSONValue?, range: ClosedRange<Double>? = nil,
    choices: [JSONValue] = [], flags: Flags = [], about: String = ""
  ) {
    self.name = name
    self.about = about
    self.type = type
    self.flags = initial == nil ? flags.union(.required) : flags
    self.initial = initial
    self.range = range
    self.choices = choices
  }
}

extension SettingSpec {
  /// A number.
  public static func f64(
    _ name: String, _ initial: Double?, in range: ClosedRange<Double>? = nil,
    choices: [Double] = [], tunable: Bool = false, log: Bool = false, about: String = ""
  ) -> SettingSpec {
    SettingSpec(
      name, .f64, initial: initial.map(JSONValue.double), range: range,
      choices: choices.map(JSONValue.double), flags: flags(tunable, log: log), about: about)
  }

  /// A whole number.
  public static func i64(
    _ name: String, _ initial: Int?, in range: ClosedRange<Int>? = nil, choices: [Int] = [],
    tunable: Bool = false, log: Bool = false, about: String = ""
  ) -> SettingSpec {
    SettingSpec(
      name, .i64, initial: initial.map(JSONValue.int),
      range: range.map { Double($0.lowerBound)...Double($0.upperBound) },
      choices: choices.map(JSONValue.int), flags: flags(tunable, log: log), about: about)
  }

  /// `true` or `false`.
  public static func bool(
    _ name: String, _ initial: Bool?, tunable: Bool = false, about: String = ""
  ) -> SettingSpec {
    SettingSpec(
      name, .bool, initial: initial.map(JSONValue.bool), flags: flags(tunable, log: false),
      about: about)
  }

  /// A text.
  public static func utf8(
    _ name: String, _ initial: String?, choices: [String] = [], tunable: Bool = false,
    about: String = ""
  ) -> SettingSpec {
    SettingSpec(
      name, .utf8, initial: initial.map(JSONValue.string),
      choices: choices.map(JSONValue.string), flags: flags(tunable, log: false), about: about)
  }

  /// Any JSON value; `.null` as a default means "not set".
  public static func json(_ name: String, _ initial: JSONValue?, about: String = "") -> SettingSpec
  {
    SettingSpec(name, .utf8, initial: initial, flags: .json, about: about)
  }

  /// A path, or with `parts` also an object of named paths; the host makes them absolute.
  public static func path(
    _ name: String, _ initial: String? = nil, parts: Bool = false, about: String = ""
  ) -> SettingSpec {
    SettingSpec(
      name, .utf8, initial: initial.map(JSONValue.string), flags: parts ? [.path, .json] : .path,
      about: about)
  }

  private static func flags(_ tunable: Bool, log: Bool) -> Flags {
    var flags: Flags = []
    if tunable { flags.insert(.tunable) }
    if log { flags.insert(.log) }
    return flags
  }
}
