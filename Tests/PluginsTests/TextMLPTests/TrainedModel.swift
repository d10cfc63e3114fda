import AgentHost
import ArrowTables
import Contracts
import PluginTestSupport
import TensorCore
import TextMLPLearner

/// What the tests of the agent ask of it.
enum TrainedModel {
  /// Small enough to train in a blink.
  static let settings: Setting = ["hidden": 32, "epochs": 8, "learning_rate": 0.01]

  static func request(
    rows: Int = 300, seed: UInt64 = 1, settings: Setting? = nil,
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) throws -> JobRequest {
    var inputs: [String: Value] = [
      "data": .dataset(try dataset(rows, seed: 1)), "val": .dataset(try dataset(90, seed: 2)),
    ]
    if let settings { inputs["settings"] = .settings(settings) }
    return JobRequest(inputs: inputs, seed: seed, progress: progress)
  }

  static func dataset(_ rows: Int, seed: UInt64) throws -> Dataset {
    Dataset(table: try SampleTexts(rows, seed: seed).table, classes: SampleTexts.classes)
  }

  /// The model that a training gives.
  static func train(_ plugin: HostedPlugin, _ request: JobRequest) async throws -> Model {
    let outputs = try await plugin.run(
      request, award: AwardRequest(offer: 0, settings: settings))
    guard case .model(let model)? = outputs["model"] else {
      throw AgentError(.internal, "no model came")
    }
    return model
  }

  /// All tensors' bytes, by name.
  static func bytes(_ model: Model) throws -> [String: [UInt8]] {
    var bytes: [String: [UInt8]] = [:]
    for (name, tensor) in model.tensors {
      bytes[name] = try tensor.withUnsafeBytes { Array($0) }
    }
    return bytes
  }

  /// The mean negative log-probability of the validation part's labels.
  static func validationLoss(_ plugin: HostedPlugin, _ model: Model) async throws -> Double {
    let table = try dataset(90, seed: 2).table
    let logp = try await classify(plugin, model, table.strings("text")).logp
      .elements(as: Float.self)
    var loss = 0.0
    for (row, label) in try table.strings("label").enumerated() {
      let index = SampleTexts.classes.firstIndex { $0 == label } ?? 0
      loss -= Double(logp[row * SampleTexts.classes.count + index])
    }
    return loss / Double(table.rowCount)
  }

  /// The tensors `logp` and `z` of texts.
  static func classify(
    _ plugin: HostedPlugin, _ model: Model, _ texts: [String?]
  ) async throws -> (logp: Tensor, z: Tensor) {
    let table = try Table(columns: [TableColumn("text", .utf8(texts))])
    let outputs = try await plugin.run(
      JobRequest(inputs: ["rows": .table(table)]),
      award: AwardRequest(offer: 1, bound: ["model": .model(model)]))
    guard case .tensor(let logp)? = outputs["logp"], case .tensor(let z)? = outputs["z"] else {
      throw AgentError(.internal, "logp or z is missing")
    }
    return (logp, z)
  }
}
