import Contracts
import Testing

@testable import Execution

@Suite struct SearchSpaceTests {
  private let trainer = Offer(
    agent: "t", agentVersion: "1.0.0", task: TaskNames.train, inputs: [], outputs: [],
    settings: [
      SettingSpec(
        "lr", .f64, initial: 0.01, range: 1e-4...1, tunable: true, logarithmic: true),
      SettingSpec("hidden", .i64, initial: 64, choices: [32, 64], tunable: true),
      SettingSpec("epochs", .i64, initial: 10, range: 1...100),
    ])

  @Test("without a word in the file the space is the trainer's own tunable settings")
  func own() throws {
    let space = try SearchSpace.space(of: trainer, narrowedBy: nil)
    #expect(space["lr"]?["min"]?.doubleValue == 1e-4)
    #expect(space["lr"]?["log"]?.boolValue == true)
    #expect(space["hidden"]?["choices"]?.listValue == [32, 64])
    #expect(space["epochs"] == nil)
  }

  @Test("the file narrows what it names; the rest is not searched")
  func narrowed() throws {
    let space = try SearchSpace.space(of: trainer, narrowedBy: ["lr": "1e-3..1e-2 log"])
    #expect(space.fields?.map(\.key) == ["lr"])
    #expect(space["lr"]?["max"]?.doubleValue == 1e-2)
  }

  @Test("an agent that has none of the names keeps its own space")
  func foreign() throws {
    let space = try SearchSpace.space(of: trainer, narrowedBy: ["alpha": "0.1..1"])
    #expect(space.fields?.map(\.key) == ["lr", "hidden"])
  }
}
