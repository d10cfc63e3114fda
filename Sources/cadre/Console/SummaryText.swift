import Contracts
import Execution

/// A run's summary for a person.
struct SummaryText {
  let summary: RunSummary
  let console: Console

  private var root: Setting { summary.setting }

  /// The whole text.
  var text: String {
    [state, awards, metrics, target, deployed, decision].compactMap { $0 }
      .joined(separator: "\n")
  }

  private func heading(_ text: String) -> String { console.paint(text, .bold) + "\n" }

  private var state: String? {
    let state = root["state"]?.stringValue ?? "?"
    let style: Console.Style = state == "succeeded" ? .green : .red
    let seconds = root["seconds"]?.doubleValue ?? 0
    var text = "\(console.paint(state, style)) in \(secondsText(seconds))\n"
    if let message = root["error"]?["message"]?.stringValue {
      text += "\(root["error"]?["step"]?.stringValue ?? ""): \(message)\n"
    }
    return text
  }

  private var awards: String? {
    let calls = root["awards"]?.listValue ?? []
    guard !calls.isEmpty else { return nil }
    var rows: [[String]] = []
    for call in calls {
      let step = call["step"]?.stringValue ?? ""
      for (index, row) in (call["proposals"]?.listValue ?? []).enumerated() {
        let won = row["awarded"]?.boolValue == true
        rows.append([
          index == 0 ? step : "", won ? console.paint("✓", .green) : " ",
          row["agent"]?.stringValue ?? "",
          row["decision"]?.stringValue ?? "",
        ])
      }
    }
    return heading("who bid, who won, and why") + table(rows, indent: "  ")
  }

  private var metrics: String? {
    let all = root["metrics"]?.listValue ?? []
    let rows = all.filter { !($0["name"]?.stringValue ?? "").hasPrefix("test.") }.map { metric in
      let member = metric["member"]?.intValue.map { "[\($0)]" } ?? ""
      let agent = metric["agent"]?.stringValue.map { "  \($0)" } ?? ""
      return [
        metric["step"]?.stringValue ?? "", (metric["name"]?.stringValue ?? "") + member,
        Self.interval(metric) + agent,
      ]
    }
    return rows.isEmpty ? nil : heading("metrics") + table(rows, indent: "  ")
  }

  private static func interval(_ entry: Setting) -> String {
    guard let value = entry["value"]?.doubleValue else { return "?" }
    guard let low = entry["low"]?.doubleValue, let high = entry["high"]?.doubleValue else {
      return numberText(value)
    }
    return "\(decimals(value))  [\(decimals(low)), \(decimals(high))]"
  }

  private var target: String? {
    guard let target = root["target"], let until = target["until"]?.stringValue else { return nil }
    let met = target["met"]?.boolValue == true
    let rounds = target["rounds"]?.intValue ?? 0
    let verdict = met ? console.paint("met", .green) : console.paint("not met", .red)
    return heading("target")
      + "  \(until)  \(verdict) after \(rounds) round\(rounds == 1 ? "" : "s"), round "
      + "\(target["kept"]?.intValue ?? 0) kept\n"
  }

  private var deployed: String? {
    guard let version = root["deployed"]?.stringValue else { return nil }
    let name = version.split(separator: ":").first.map(String.init) ?? version
    return heading("deployed")
      + "  \(version)   try: cadre predict \(name) --text \"…\"\n"
  }

  private var decision: String? {
    guard let decision = root["decision"], let ways = decision["ways"]?.listValue else {
      return nil
    }
    var rows = [["", "macro-F1", "accuracy"]]
    for way in ways {
      rows.append([
        way["name"]?.stringValue ?? "", way["macro_f1"].map(Self.interval) ?? "",
        way["accuracy"].map(Self.interval) ?? "",
      ])
    }
    let weights = (decision["weights"]?["values"]?.listValue ?? []).compactMap(\.doubleValue)
      .map { decimals($0) }.joined(separator: ", ")
    return heading("decided on the sealed part, \(ways.first?["rows"]?.intValue ?? 0) rows")
      + table(rows, indent: "  ")
      + "  weights \(weights) (\(decision["weights"]?["way"]?.stringValue ?? "")): "
      + "\(decision["weights"]?["reason"]?.stringValue ?? "")\n"
      + "  \(decision["verdict"]?.stringValue ?? "")\n"
  }
}
