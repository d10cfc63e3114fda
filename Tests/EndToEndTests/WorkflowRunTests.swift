import Contracts
import Foundation
import Testing

/// Rows that a word or two tell apart, so that a sound run scores high.
private func easyRows(_ count: Int = 300) -> [(text: String, label: String)] {
  let words = [
    "ship": ["parcel", "courier", "tracking", "delivery", "van"],
    "bill": ["invoice", "charged", "payment", "receipt", "bank"],
    "tech": ["router", "crash", "firmware", "error", "reboot"],
  ]
  let labels = words.keys.sorted()
  return (0..<count).map { number in
    let label = labels[number % 3]
    let list = words[label] ?? []
    let text =
      "note \(number) about \(list[number / 3 % 5]) and \(list[number / 15 % 5]) since day \(number * 7 % 31)"
    return (text, label)
  }
}

private func csv(_ rows: [(text: String, label: String)]) -> String {
  "text,label\n" + rows.map { "\($0.text),\($0.label)\n" }.joined()
}

@Suite(.serialized) struct WorkflowRunTests {
  @Test("the example runs through all eight stages, and what it deployed answers")
  func example() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let run = try line.cadre(
      "run", CommandLine.repository + "/Examples/support-desk/workflow.yaml", "--json")
    try #require(run.status == 0, "\(run.errors)")
    let summary = try run.json()
    let steps = (summary["steps"]?.listValue ?? []).compactMap { $0["step"]?.stringValue }
    for step in [
      "collect", "prepare", "improve[1]/train", "improve[1]/execute", "improve[1]/evaluate",
      "improve[1]/optimise", "deploy", "collaborate",
    ] {
      #expect(steps.contains(step))
    }
    let awards = summary["awards"]?.listValue ?? []
    let training = try #require(awards.first { $0["step"]?.stringValue == "improve[1]/train" })
    let winners = (training["proposals"]?.listValue ?? []).filter {
      $0["awarded"]?.boolValue == true
    }
    #expect(Set(winners.compactMap { $0["agent"]?.stringValue }).count == 2)
    let ways = try #require(summary["decision"]?["ways"]?.listValue)
    let joint = try #require(ways.first?["macro_f1"]?["value"]?.doubleValue)
    #expect(joint > 0.7)
    #expect(ways.count == 4)

    let answer = try line.cadre(
      "predict", "support@prod", "--text", "my parcel has not arrived", "--json")
    try #require(answer.status == 0, "\(answer.errors)")
    #expect(try answer.json()["label"]?.stringValue == "shipping")
    let explained = try line.cadre("explain", "last", "improve[1]/train")
    #expect(explained.output.contains("org.cadre.text-mlp"))
    #expect(explained.output.contains("heard as: quality"))
  }

  @Test(
    "shuffled labels: near chance, the target is unmet, nothing is deployed, no improvement is claimed"
  )
  func shuffled() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let rows = easyRows(600)
    // Labels from a generator that never sees the texts: Knuth's MMIX constants.
    var state: UInt64 = 1
    let labels = rows.map { _ -> String in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return ["bill", "ship", "tech"][Int((state >> 33) % 3)]
    }
    try line.write("rows.csv", csv(zip(rows, labels).map { ($0.text, $1) }))
    let file = try line.write("w.yaml", smallWorkflow(team: 2, rounds: 2))
    let run = try line.cadre("run", file, "--json", "--require-target")
    #expect(run.status == 4, "\(run.errors)")
    let summary = try run.json()
    #expect(summary["target"]?["met"]?.boolValue == false)
    #expect(summary["deployed"] == .null)
    let joint = try #require(
      summary["decision"]?["ways"]?.listValue?.first?["macro_f1"]?["value"]?.doubleValue)
    #expect(abs(joint - 1.0 / 3) < 0.15)
    #expect(summary["decision"]?["better"]?.boolValue == false)
    #expect(summary["decision"]?["verdict"]?.stringValue?.hasPrefix("no improvement") == true)
  }

  @Test("no normalised text of the sealed part occurs in another part, and the parts lose no row")
  func leaks() throws {
    let line = try CommandLine()
    defer { line.remove() }
    var rows = easyRows(200)
    rows += rows.prefix(60).map { ($0.text.uppercased() + "!!", $0.label) }
    try line.write("rows.csv", csv(rows))
    let file = try line.write(
      "w.yaml", smallWorkflow().replacingOccurrences(of: ", dedup]", with: "]"))
    let run = try line.cadre("run", file, "--quiet")
    try #require(run.status == 0, "\(run.errors)")
    let sealed = try line.cadre("show", "last", "prepare", "--port", "test")
    #expect(sealed.status != 0)
    #expect(sealed.errors.contains("sealed"))
    func texts(_ port: String) throws -> [String] {
      let shown = try line.cadre("show", "last", "prepare", "--port", port, "--unsealed")
      return try shown.output.split(separator: "\n").map {
        let text = try Setting(json: String($0))["text"]?.stringValue ?? ""
        return text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }
      }
    }
    let test = Set(try texts("test"))
    let rest = try ["train", "val", "blend"].map { try texts($0) }
    #expect(rest.allSatisfy { $0.allSatisfy { !test.contains($0) } })
    #expect(try rest.map(\.count).reduce(0, +) + texts("test").count == 260)
  }

  @Test("what the preparation fits does not change when the test part does")
  func fittedOnTraining() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let rows = easyRows(240)
    try line.write("train.csv", csv(Array(rows.prefix(200))))
    let source = "path: {train: train.csv, test: test.csv}, text: text, label: label"
    let split = "{by: part, val: 0.15, blend: 0.1, stratify: label}"
    let file = try line.write(
      "w.yaml",
      smallWorkflow(
        source: source, columns: ", part:utf8", split: split, prepare: "stop_words: fitted"))
    var states: [String] = []
    for test in [
      rows.suffix(40).map { $0 }, rows.suffix(40).map { ("zzz zzz " + $0.text, $0.label) },
    ] {
      try line.write("test.csv", csv(test))
      let run = try line.cadre("run", file, "--quiet")
      try #require(run.status == 0, "\(run.errors)")
      let step = try line.cadre("show", "last", "prepare", "--json").json()
      let state = try #require(
        step["artifacts"]?.listValue?.first { $0["port"]?.stringValue == "fitted" })
      states.append(try #require(state["digest"]?.stringValue))
    }
    #expect(states[0] == states[1])
  }

  @Test("the same file and seed give the same bytes, artefact by artefact")
  func deterministic() throws {
    let line = try CommandLine()
    defer { line.remove() }
    try line.write("rows.csv", csv(easyRows()))
    let file = try line.write("w.yaml", smallWorkflow(team: 2))
    var digests: [[String]] = []
    for _ in 0..<2 {
      let run = try line.cadre("run", file, "--quiet")
      try #require(run.status == 0, "\(run.errors)")
      var all: [String] = []
      for step in ["collect", "prepare", "improve[1]/train", "improve[1]/execute", "collaborate"] {
        let shown = try line.cadre("show", "last", step, "--json").json()
        all += (shown["artifacts"]?.listValue ?? []).compactMap { $0["digest"]?.stringValue }
      }
      digests.append(all)
    }
    #expect(digests[0].count > 10)
    #expect(digests[0] == digests[1])
  }

  @Test("a broken promise is remembered: the next run hears the bid corrected")
  func record() throws {
    let line = try CommandLine()
    defer { line.remove() }
    try line.write("rows.csv", csv(easyRows()))
    let file = try line.write("w.yaml", smallWorkflow())
    for _ in 0..<2 { _ = try line.cadre("run", file, "--quiet") }
    let explained = try line.cadre("explain", "last", "improve[1]/train", "--json").json()
    let won = try #require(
      explained.listValue?.first?["proposals"]?.listValue?.first {
        $0["awarded"]?.boolValue == true
      })
    // The rows are easy, so the agent measured better than it had claimed.
    let claimed = try #require(won["quality"]?.doubleValue)
    let corrected = try #require(won["corrected_quality"]?.doubleValue)
    #expect(corrected > claimed)
  }

  @Test("priorities turn an award, and the plan says so before anything runs")
  func priorities() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let file = try line.write("w.yaml", smallWorkflow())
    func winner(_ options: String...) throws -> String? {
      let plan =
        options.isEmpty
        ? try line.cadre("plan", file, "--json")
        : try line.cadre("plan", file, "--json", options[0], options[1])
      let step = try plan.json().listValue?.first { $0["step"]?.stringValue == "improve.train" }
      return step?["proposals"]?.listValue?.first { $0["awarded"]?.boolValue == true }?["agent"]?
        .stringValue
    }
    #expect(try winner() == "org.cadre.text-mlp")
    #expect(try winner("--prefer", "org.cadre.naive-bayes=1") == "org.cadre.naive-bayes")
    #expect(try winner("--weigh", "quality=0") == "org.cadre.naive-bayes")
    let wrong = try line.cadre("plan", file, "--prefer", "org.cadre.bayes=1")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("installed are"))
  }

  @Test("texts come from a file and from standard input too, one answer a line")
  func predictions() throws {
    let line = try CommandLine()
    defer { line.remove() }
    try line.write("rows.csv", csv(easyRows()))
    let file = try line.write("w.yaml", smallWorkflow(minF1: 0.5))
    let run = try line.cadre("run", file, "--quiet")
    try #require(run.status == 0, "\(run.errors)")
    let piped = try line.cadre(
      "predict", "small", input: "the courier lost the parcel\ninvoice charged\n")
    try #require(piped.status == 0, "\(piped.errors)")
    let lines = piped.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("ship") == true)
    let texts = try line.write("texts.txt", "firmware error\r\n")
    let read = try line.cadre("predict", "small:1", "--file", texts, "--top", "3")
    #expect(read.output.hasPrefix("tech"))
    let windows = try line.cadre("predict", "small", input: "courier parcel\r\ninvoice bank\r\n")
    #expect(windows.output.split(separator: "\n").count == 2)
    #expect(!windows.output.unicodeScalars.contains("\r"))
    let escape = try line.cadre("predict", "small", "--text", "\u{1B}[31mparcel")
    #expect(!escape.output.contains("\u{1B}"))
    let missing = try line.cadre("predict", "nobody", "--text", "x")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("deployed are small"))
  }
}
