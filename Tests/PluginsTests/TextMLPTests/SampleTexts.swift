import AgentKit
import NeuralKit

/// A small problem that can be learned but not by one word alone: three kinds of requests, put
/// together at random, a tenth of them with a wrong label.
struct SampleTexts {
  static let classes = ["cancel", "refund", "track"]
  let texts: [String]
  let labels: [String]

  private static let openings = ["please", "hi there", "hello", "good morning", "urgent"]
  private static let things = ["kettle", "lamp", "router", "camera", "speaker", "phone"]
  private static let endings = ["thanks", "as soon as possible", "today", "if you can", "again"]
  private static let wishes = [
    ["stop my plan for the", "cancel the order of the", "I no longer want the"],
    ["money back for the", "refund me the", "I paid twice for the"],
    ["where is the parcel with the", "track my order of the", "no news yet about the"],
  ]

  /// Texts by seed; equal seeds give equal texts.
  init(_ count: Int, seed: UInt64, noise: Double = 0.1) {
    var random = CounterRandom(seed: seed, stream: "texts")
    var texts: [String] = []
    var labels: [String] = []
    func one(_ words: [String]) -> String { words[random.next(below: words.count)] }
    for _ in 0..<count {
      let kind = random.next(below: 3)
      texts.append(
        [one(Self.openings), one(Self.wishes[kind]), one(Self.things), one(Self.endings)]
          .joined(separator: " "))
      let isWrong = random.uniform() < noise
      labels.append(Self.classes[isWrong ? random.next(below: 3) : kind])
    }
    self.texts = texts
    self.labels = labels
  }

  /// Columns `text` and `label`.
  var table: Table {
    get throws {
      try Table(columns: [
        TableColumn("text", .utf8(texts)), TableColumn("label", .utf8(labels)),
      ])
    }
  }
}
