import AgentHost
import Contracts
import Testing

@Suite("settings")
struct SettingsCheckTests {
  private let specs = [
    SettingSpec("learning_rate", .f64, initial: 0.01, range: 1e-6...1),
    SettingSpec("hidden", .i64, initial: 64, range: 1...4096),
    SettingSpec("shuffle", .bool, initial: true),
    SettingSpec("kind", .utf8, initial: "mlp", choices: ["mlp", "linear"]),
    SettingSpec("space", .json, initial: .null),
    SettingSpec("path", .utf8),
  ]

  @Test("what is not set has its default, in the offer's order; a required one must be set")
  func completing() throws {
    let settings = try checkSettings(["path": "a.csv", "hidden": 8], against: specs)
    #expect(
      settings.json
        == #"{"learning_rate":0.01,"hidden":8,"shuffle":true,"kind":"mlp","space":null,"path":"a.csv"}"#
    )
    let error = try #require(throws: AgentError.self) { try checkSettings(.null, against: specs) }
    #expect(error.code == .invalidArgument)
    #expect(error.message == "setting 'path' is required and is not set")
  }

  @Test("a whole number for a number becomes one; a fraction for a whole number is refused")
  func numbers() throws {
    let settings = try checkSettings(["path": "a", "learning_rate": 1], against: specs)
    #expect(settings["learning_rate"] == .double(1))
    let error = try #require(throws: AgentError.self) {
      try checkSettings(["path": "a", "hidden": 8.5], against: specs)
    }
    #expect(error.message == "setting 'hidden' must be a whole number, not a number")
  }

  @Test("all that is wrong is said at once, with the nearest known key")
  func allAtOnce() throws {
    let error = try #require(throws: AgentError.self) {
      try checkSettings(
        [
          "learnig_rate": 0.1, "zzz": 1, "hidden": 0, "shuffle": "yes", "kind": "tree",
          "path": 7,
        ], against: specs, agent: "org.example.a")
    }
    for part in [
      "'learnig_rate' is unknown; did you mean 'learning_rate'?", "'zzz' is unknown; there are",
      "'hidden' must lie in 1.0...4096.0, not 0", "'shuffle' must be true or false, not text",
      #"'kind' must be one of "mlp", "linear", not "tree""#,
      "'path' must be text, not a whole number",
    ] {
      #expect(error.message.contains(part), "\(part) in \(error.message)")
    }
    #expect(error.agent == "org.example.a")
  }

  @Test("settings that are no mapping are refused; an agent without settings says so")
  func shape() throws {
    #expect(throws: AgentError.self) { try checkSettings([1, 2], against: specs) }
    let error = try #require(throws: AgentError.self) { try checkSettings(["a": 1], against: []) }
    #expect(error.message.contains("the agent takes no settings"))
    #expect(try checkSettings(.null, against: []) == .object([]))
  }
}
