import AgentHost
import Contracts
import PluginTestSupport
import TensorCore
import Testing
import TextMLPLearner

@Suite("training behind the ABI")
struct TrainingTests {
  @Test("equal seeds give equal bits, another seed other weights of the same vocabulary")
  func seeds() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let first = try TrainedModel.bytes(
        await TrainedModel.train(plugin, TrainedModel.request(seed: 1)))
      let again = try TrainedModel.bytes(
        await TrainedModel.train(plugin, TrainedModel.request(seed: 1)))
      let other = try TrainedModel.bytes(
        await TrainedModel.train(plugin, TrainedModel.request(seed: 2)))
      #expect(!first.isEmpty)
      #expect(first == again)
      #expect(first["hidden0.weight"] != other["hidden0.weight"])
      #expect(first["words.terms"] == other["words.terms"])
    }
  }

  @Test("each epoch is reported, and the loss falls")
  func progress() async throws {
    let lines = LogLines()
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      _ = try await TrainedModel.train(
        plugin, TrainedModel.request { _, note in lines.add(note) })
    }
    let epochs = lines.all.filter { $0.hasPrefix("epoch ") }
    #expect(epochs.first?.hasPrefix("epoch 1: loss ") == true)
    #expect(epochs.allSatisfy { $0.contains(", val macro-F1 0.") })
    let losses = epochs.compactMap { line in
      line.split(separator: " ").dropFirst(3).first.flatMap { Double($0.dropLast()) }
    }
    #expect(losses.count == epochs.count && losses.count >= 2)
    #expect(try #require(losses.last) < #require(losses.first) / 2)
    #expect(lines.all.last?.hasPrefix("best epoch ") == true)
  }

  @Test("the metadata tells labels, settings and the history of the losses")
  func metadata() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let value = try await TrainedModel.train(plugin, TrainedModel.request())
      guard case .model(let model) = value else { return }
      #expect(model.task == "text.classify/1")
      #expect(model.format == "org.cadre.text-mlp/1")
      #expect(model.labels == SampleTexts.classes)
      #expect(model.metadata["settings"]?["learning_rate"] == 0.01)
      let history = try #require(model.metadata["history"]?.listValue)
      let best = try #require(model.metadata["best_epoch"]?.intValue)
      let scores = history.compactMap { $0["val_macro_f1"]?.doubleValue }
      #expect(scores.count == history.count)
      #expect(scores[best - 1] == scores.max())
    }
  }

  @Test("a tuner's settings win over the award's")
  func tuner() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let value = try await TrainedModel.train(
        plugin, TrainedModel.request(settings: ["hidden": 64, "features": "words"]))
      guard case .model(let model) = value else { return }
      #expect(model.tensor("output.weight")?.shape.dimensions == [64, 3])
      #expect(model.tensor("characters.idf") == nil)
      #expect(model.metadata["settings"]?["hidden"] == 64)
      let error = await #expect(throws: AgentError.self) {
        _ = try await TrainedModel.train(plugin, TrainedModel.request(settings: ["hidden": 2]))
      }
      #expect(error?.where == "settings.hidden")
    }
  }

  @Test("one class cannot be learned, and is named")
  func oneClass() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let sample = try TrainedModel.dataset(50, seed: 1).table
      let rows = try sample.strings("label").indices.filter {
        try sample.strings("label")[$0] == "refund"
      }
      let data = Dataset(table: sample.rows(at: rows), classes: SampleTexts.classes)
      let error = await #expect(throws: AgentError.self) {
        _ = try await TrainedModel.train(plugin, JobRequest(inputs: ["data": .dataset(data)]))
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.message == "needs at least 2 classes, the data has 1: refund")
    }
  }

  @Test("a training stops when its task is cancelled")
  func cancellation() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let (started, starting) = AsyncStream.makeStream(of: Void.self)
      let request = try TrainedModel.request(settings: ["epochs": 500, "patience": 500]) { _, _ in
        starting.yield()
      }
      let training = Task { try await TrainedModel.train(plugin, request) }
      var events = started.makeAsyncIterator()
      _ = await events.next()
      training.cancel()
      let error = await #expect(throws: AgentError.self) { _ = try await training.value }
      #expect(error?.code == .cancelled)
    }
  }

  @Test("without a validation part a tenth is held back; of few rows nothing is")
  func noValidation() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      func scores(_ rows: Int) async throws -> [Double] {
        let data = try TrainedModel.dataset(rows, seed: 1)
        let value = try await TrainedModel.train(
          plugin, JobRequest(inputs: ["data": .dataset(data)], seed: 1))
        guard case .model(let model) = value else { return [] }
        let history = try #require(model.metadata["history"]?.listValue)
        #expect(!history.isEmpty)
        return history.compactMap { $0["val_macro_f1"]?.doubleValue }
      }
      #expect(try await !scores(300).isEmpty)
      #expect(try await scores(60).isEmpty)
    }
  }
}
