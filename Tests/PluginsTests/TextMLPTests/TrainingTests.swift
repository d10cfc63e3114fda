import AgentHost
import ArrowTables
import Contracts
import Dispatch
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
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
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

  @Test("the weights of the best epoch are kept, not those of the last one")
  func bestEpoch() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(
        plugin,
        TrainedModel.request(settings: ["epochs": 20, "patience": 20, "stop_on": "loss"]))
      let losses = try #require(model.metadata["history"]?.listValue)
        .compactMap { $0["val_loss"]?.doubleValue }
      let best = try #require(losses.min())
      // Much is learned by heart until the end, so that the test can tell.
      #expect(try #require(losses.last) > best * 1.2)
      let loss = try await TrainedModel.validationLoss(plugin, model)
      #expect(loss <= best + 1e-4)
    }
  }

  @Test("the logits are divided by the temperature, which lowers the loss")
  func temperature() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(
        plugin, TrainedModel.request(settings: ["epochs": 20, "patience": 20]))
      let temperature = try #require(model.metadata["temperature"]?.doubleValue)
      #expect(abs(temperature - 1) > 0.02)
      let best = try #require(model.metadata["best_epoch"]?.intValue)
      let epoch = try #require(model.metadata["history"]?.listValue?[best - 1])
      let loss = try await TrainedModel.validationLoss(plugin, model)
      #expect(loss < (try #require(epoch["val_loss"]?.doubleValue)) - 1e-4)
    }
  }

  @Test("with balanced weights a rare class counts as much as a frequent one")
  func classWeight() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      // One text for all: what is left to learn is how frequent the classes are.
      let table = try Table(columns: [
        TableColumn("text", .utf8([String?](repeating: "broken kettle", count: 200))),
        TableColumn("label", .utf8((0..<200).map { $0.isMultiple(of: 10) ? "rare" : "often" })),
      ])
      let data = Dataset(table: table, classes: ["often", "rare"])
      func share(_ weight: Setting) async throws -> Double {
        let model = try await TrainedModel.train(
          plugin,
          JobRequest(
            inputs: [
              "data": .dataset(data), "val": .dataset(data),
              "settings": .settings([
                "class_weight": weight, "epochs": 40, "patience": 40, "stop_on": "loss",
              ]),
            ], seed: 1))
        let logp = try await TrainedModel.classify(plugin, model, ["broken kettle"]).logp
        return RealNumbers.exp(Double(try logp.elements(as: Float.self)[1]))
      }
      let (plain, balanced) = try await (share("none"), share("balanced"))
      #expect(abs(plain - 0.1) < 0.08)
      #expect(abs(balanced - 0.5) < 0.15)
    }
  }

  @Test("dropout changes what is learned")
  func dropout() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      func weights(_ rate: Setting) async throws -> [UInt8]? {
        try TrainedModel.bytes(
          await TrainedModel.train(
            plugin, TrainedModel.request(settings: ["dropout": rate, "epochs": 2])))[
            "hidden0.weight"]
      }
      let (without, with) = try await (weights(0.0), weights(0.5))
      #expect(without != with)
    }
  }

  @Test("a tuner's settings win over the award's")
  func tuner() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(
        plugin, TrainedModel.request(settings: ["hidden": 64, "features": "words"]))
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
      // The agent's own thread waits here until it was cancelled: training is quicker than a busy
      // pool of tasks.
      let cancelled = DispatchSemaphore(value: 0)
      let request = try TrainedModel.request(settings: ["epochs": 500, "patience": 500]) { _, _ in
        starting.yield()
        cancelled.wait()
        cancelled.signal()
      }
      let training = Task { try await TrainedModel.train(plugin, request) }
      var events = started.makeAsyncIterator()
      _ = await events.next()
      training.cancel()
      cancelled.signal()
      let error = await #expect(throws: AgentError.self) { _ = try await training.value }
      #expect(error?.code == .cancelled)
    }
  }

  @Test("without a validation part a tenth is held back; of few rows nothing is")
  func noValidation() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      func scores(_ rows: Int) async throws -> [Double] {
        let data = try TrainedModel.dataset(rows, seed: 1)
        let model = try await TrainedModel.train(
          plugin, JobRequest(inputs: ["data": .dataset(data)], seed: 1))
        let history = try #require(model.metadata["history"]?.listValue)
        #expect(!history.isEmpty)
        return history.compactMap { $0["val_macro_f1"]?.doubleValue }
      }
      let (many, few) = try await (scores(300), scores(60))
      #expect(!many.isEmpty)
      #expect(few.isEmpty)
    }
  }
}
