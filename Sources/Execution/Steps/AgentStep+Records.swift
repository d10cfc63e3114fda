import AgentHost
import Contracts
import Journal
import Workflow

extension AgentStep {
  /// Writes scalar outputs down as metrics, and an evaluation's main metric as the score of the
  /// model behind it.
  func record(_ results: [[String: Produced]]) {
    let isTeam = results.count > 1
    var mainScored = false
    for output in instance.step.outputs {
      guard case .scalar = output.type else { continue }
      var values: [(name: String, value: Double)] = []
      for (member, outputs) in results.enumerated() {
        guard let produced = outputs[output.port], let value = produced.value.number else {
          continue
        }
        let agent = produced.origin?.maker ?? produced.maker
        values.append((agent.split(separator: ".").last.map(String.init) ?? agent, value))
        log.credit(agent, member: member)
        let interval = interval(of: output.port, in: outputs)
        log.add(
          MetricRecord(
            name: output.port, member: isTeam ? member : nil, value: value, low: interval?.low,
            high: interval?.high))
        if !mainScored, let origin = produced.origin {
          keepScore(output.port, value: value, interval: interval, origin: origin)
        }
      }
      if let only = values.first, values.count == 1 {
        log.note("\(output.port) \(decimals(only.value))")
        mainScored = true
      } else if !values.isEmpty {
        let all = values.map { "\($0.name) \(decimals($0.value))" }.joined(separator: ", ")
        log.note("\(output.port) \(all)")
        mainScored = true
      }
    }
  }

  /// An evaluation's interval stands in its report under the metric's name.
  private func interval(
    of metric: String, in outputs: [String: Produced]
  ) -> (low: Double, high: Double)? {
    for produced in outputs.values {
      guard case .json(let text) = produced.value, let report = try? Setting(json: text),
        let entry = report[metric],
        let low = entry["low"]?.doubleValue, let high = entry["high"]?.doubleValue
      else { continue }
      return (low, high)
    }
    return nil
  }

  private func keepScore(
    _ metric: String, value: Double, interval: (low: Double, high: Double)?, origin: ModelOrigin
  ) {
    let truth = instance.inputs.first { $0.port == "truth" }?.source
    var measuredOn = "its data"
    if case .output(let path, let port)? = truth { measuredOn = "\(path.name).\(port)" }
    context.keep(
      ModelScore(
        metric: metric, value: value, low: interval?.low, high: interval?.high, on: measuredOn),
      of: origin.digest)
    let promised = context.promisedQuality(of: origin.maker)
    log.add(
      AgentOutcome(
        agentID: origin.maker, task: TaskNames.train, succeeded: true, seconds: 0, items: 0,
        quality: value, promisedQuality: promised, isJob: false))
  }
}

extension Value {
  /// The number of a numeric scalar, or nil.
  var number: Double? {
    switch self {
    case .scalar(.f64(let value)): value
    case .scalar(.i64(let value)): Double(value)
    default: nil
    }
  }
}
