import AgentHost
import ArrowTables
import Contracts
import PluginTestSupport
import TensorCore
import Testing
import TextMLPLearner

@Suite("classifying behind the ABI")
struct ClassifyingTests {
  @Test("a trained model gets unseen texts right that are labelled rightly")
  func accuracy() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
      let test = SampleTexts(200, seed: 3, noise: 0)
      let logp = try await TrainedModel.classify(plugin, model, test.texts).logp
        .elements(as: Float.self)
      let right = test.labels.indices.count { row in
        let scores = logp[(row * 3)..<(row * 3 + 3)]
        let top = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        return SampleTexts.classes[top - row * 3] == test.labels[row]
      }
      #expect(right >= 190)
    }
  }

  @Test("rows are distributions, z has the hidden units, and batches do not matter")
  func outputs() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
      let texts = SampleTexts(300, seed: 4).texts
      let (logp, z) = try await TrainedModel.classify(plugin, model, texts)
      #expect(logp.shape.dimensions == [300, 3])
      #expect(z.shape.dimensions == [300, 32])
      let values = try logp.elements(as: Float.self)
      for row in 0..<300 {
        let sum = (0..<3).reduce(0) { $0 + RealNumbers.exp(Double(values[row * 3 + $1])) }
        #expect(abs(sum - 1) < 1e-4)
      }
      #expect(try z.elements(as: Float.self).allSatisfy { $0 >= 0 })
      let alone = try await TrainedModel.classify(plugin, model, [texts[280]]).logp
      #expect(try alone.elements(as: Float.self) == Array(values[840..<843]))
    }
  }

  @Test("a text of which nothing is known gets the shares of the classes")
  func prior() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
      let prior = try #require(model.tensor("prior")).elements(as: Float.self)
      let logp = try await TrainedModel.classify(
        plugin, model, ["", nil, "ћћћ", "refund me the lamp"]
      ).logp.elements(as: Float.self)
      #expect(Array(logp[0..<3]) == prior)
      #expect(Array(logp[3..<6]) == prior)
      #expect(Array(logp[6..<9]) == prior)
      #expect(Array(logp[9..<12]) != prior)
    }
  }

  @Test("no rows give tensors without rows")
  func noRows() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
      let (logp, z) = try await TrainedModel.classify(plugin, model, [])
      #expect(logp.shape.dimensions == [0, 3])
      #expect(z.shape.dimensions == [0, 32])
    }
  }

  @Test("a model that is not whole is refused, with the name of what is wrong")
  func damagedModel() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      let model = try await TrainedModel.train(plugin, TrainedModel.request())
      let damages: [(String, Tensor?)] = [
        ("output.bias", nil), ("prior", try Tensor([0, 0] as [Float])),
        ("hidden0.weight", try Tensor.zeros([4, 32])),
      ]
      for (name, replacement) in damages {
        let tensors =
          model.tensors.filter { $0.name != name } + (replacement.map { [(name, $0)] } ?? [])
        let damaged = try Model(
          task: model.task, format: model.format, metadata: model.metadata, tensors: tensors)
        let error = await #expect(throws: AgentError.self) {
          _ = try await TrainedModel.classify(plugin, damaged, ["x"])
        }
        #expect("\(String(describing: error))".contains(name), "\(name)")
      }
    }
  }
}
