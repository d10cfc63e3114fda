import AgentHost
import ArrowTables
import ClassificationScoring
import Contracts
import PluginTestSupport
import TensorCore
import Testing

@Suite("the evaluator behind the ABI")
struct ClassificationEvaluatorAgentTests {
  /// Forty rows of three classes, three quarters of them right.
  private func request(seed: UInt64, labels: Int = 40) throws -> JobRequest {
    let classes = ["a", "b", "c"]
    var values: [Float] = []
    for row in 0..<40 {
      let predicted = row.isMultiple(of: 4) ? (row + 1) % 3 : row % 3
      for label in 0..<3 { values.append(label == predicted ? -0.223_143_55 : -2.302_585_1) }
    }
    let truth = Dataset(
      table: try Table(columns: [
        TableColumn("label", .utf8((0..<labels).map { classes[$0 % 3] }))
      ]), classes: classes)
    return JobRequest(
      inputs: ["logp": .tensor(try Tensor(values, [40, 3])), "truth": .dataset(truth)], seed: seed)
  }

  @Test("all four outputs come, and agree with each other")
  func outputs() async throws {
    try await HostedPlugin.with(ClassificationEvaluatorAgent.self) { plugin in
      let outputs = try await plugin.run(request(seed: 1), award: AwardRequest(offer: 0))
      guard case .scalar(.f64(let accuracy))? = outputs["accuracy"],
        case .scalar(.f64(let macroF1))? = outputs["macro_f1"],
        case .scalar(.f64(let loss))? = outputs["log_loss"],
        case .json(let text)? = outputs["report"]
      else {
        Issue.record("outputs are missing: \(outputs.keys.sorted())")
        return
      }
      #expect(accuracy == 0.75)
      #expect(abs(loss - (0.75 * 0.223_143_55 + 0.25 * 2.302_585_1)) < 1e-6)
      let report = try Setting(json: text)
      #expect(report["rows"] == 40)
      #expect(report["macro_f1"]?["value"]?.doubleValue == macroF1)
      #expect(report["accuracy"]?["value"]?.doubleValue == accuracy)
      #expect(report["log_loss"]?.doubleValue == loss)
      #expect(report["classes"]?.listValue?.count == 3)
      let low = try #require(report["macro_f1"]?["low"]?.doubleValue)
      let high = try #require(report["macro_f1"]?["high"]?.doubleValue)
      #expect(low < macroF1 && macroF1 < high)
    }
  }

  @Test("the same seed gives the same report, another one another interval")
  func seeds() async throws {
    try await HostedPlugin.with(ClassificationEvaluatorAgent.self) { plugin in
      func report(_ seed: UInt64) async throws -> String? {
        let outputs = try await plugin.run(request(seed: seed), award: AwardRequest(offer: 0))
        guard case .json(let text)? = outputs["report"] else { return nil }
        return text
      }
      let (first, again, other) = try await (report(1), report(1), report(2))
      #expect(first != nil)
      #expect(first == again)
      #expect(first != other)
    }
  }

  @Test("rows that differ fail the job with a message")
  func rowsDiffer() async throws {
    try await HostedPlugin.with(ClassificationEvaluatorAgent.self) { plugin in
      let error = await #expect(throws: AgentError.self) {
        _ = try await plugin.run(request(seed: 1, labels: 39), award: AwardRequest(offer: 0))
      }
      #expect(error?.code == .invalidArgument)
    }
  }
}
