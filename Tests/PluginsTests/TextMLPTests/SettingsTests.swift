import AgentKit
import Testing

@testable import TextMLPLearner

@Suite struct SettingsTests {
  private func settings(_ json: JSONValue) throws -> MLPSettings {
    try MLPSettings(Settings(json).completed(by: MLPSettings.specs))
  }

  @Test("the defaults can be read, and a model's metadata names all of them")
  func defaults() throws {
    let json = try settings([:]).json
    #expect(json.members?.map(\.key).sorted() == MLPSettings.specs.map(\.name).sorted())
    for spec in MLPSettings.specs { #expect(json[spec.name] == spec.initial, "\(spec.name)") }
    #expect(try settings(json) == settings([:]))
  }

  @Test("the tunable ones can be searched: each has a range or choices")
  func tunable() {
    let tunable = MLPSettings.specs.filter { $0.flags.contains(.tunable) }
    #expect(tunable.map(\.name) == ["learning_rate", "hidden", "dropout", "weight_decay"])
    #expect(tunable.allSatisfy { $0.range != nil || !$0.choices.isEmpty })
    let logarithmic = tunable.filter { $0.flags.contains(.log) }
    #expect(logarithmic.map(\.name) == ["learning_rate", "weight_decay"])
    #expect(logarithmic.allSatisfy { ($0.range?.lowerBound ?? 0) > 0 })
  }

  @Test(
    "what a tuner sets wrongly is refused by name",
    arguments: [
      ("learning_rate", 1.0), ("learning_rate", "fast"), ("hidden", 64.5), ("hidden", 1),
      ("dropout", 1.0), ("class_weight", "heavy"), ("features", "letters"), ("ngrams", 0),
      ("epochs", 0), ("batch", 0), ("stop_on", "accuracy"), ("max_features", 0),
    ] as [(String, JSONValue)])
  func refusals(name: String, value: JSONValue) throws {
    let failure = try #require(throws: AgentFailure.self) {
      try settings(.object([.init(name, value)]))
    }
    #expect(failure.place == "settings.\(name)")
    #expect(failure.code == .invalidArgument)
  }

  @Test("a whole number may come as one with a fraction of zero")
  func wholeDouble() throws {
    #expect(try settings(["hidden": 32.0]).hidden == 32)
  }
}
