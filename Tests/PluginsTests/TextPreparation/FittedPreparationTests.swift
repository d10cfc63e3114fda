import AgentKit
import Testing

@testable import TextCleaning

private func settings(_ others: JSONValue = [:]) throws -> PreparationSettings {
  let offer = Offer("data.fit/1", settings: PreparationSettings.specs)
  return try PreparationSettings(Settings(others).completed(by: offer.settings))
}

@Suite struct FittedPreparationTests {
  private let texts: [String?] = ["the card the card", "The refund", nil, "a card", "THE end", "x"]

  @Test("words in more than the share of texts are stop words; repeats in one text count once")
  func fitted() throws {
    // Of five texts three have "the", two have "card".
    let half = try FittedPreparation(fitting: texts, settings(["stop_words": "fitted"]))
    #expect(half.stopWords.words == ["the"])
    let third = try FittedPreparation(
      fitting: texts, settings(["stop_words": "fitted", "max_df": 0.3]))
    #expect(third.stopWords.words == ["the", "card"])
  }

  @Test("the state does not depend on the order of the rows, and is the same bytes each time")
  func canonical() throws {
    let settings = try settings(["stop_words": "fitted", "max_df": 0.1])
    let state = FittedPreparation(fitting: texts, settings).encoded()
    #expect(FittedPreparation(fitting: texts.reversed(), settings).encoded() == state)
    #expect(FittedPreparation(fitting: texts, settings).encoded() == state)
    #expect(try FittedPreparation(decoding: state).encoded() == state)
  }

  @Test("a state carries the cleaning with it")
  func carriesCleaning() throws {
    let state = try FittedPreparation(fitting: [], settings(["clean": ["html", "trim"]])).encoded()
    #expect(try FittedPreparation(decoding: state).applied(to: " <b>X</b> ") == "X")
  }

  @Test(
    "what is no state is refused",
    arguments: [
      "", "{}", "[1]", #"{"version":2,"clean":[],"stop_words":[]}"#,
      #"{"version":1,"clean":["wash"],"stop_words":[]}"#,
      #"{"version":1,"clean":[],"stop_words":3}"#,
    ])
  func damaged(state: String) {
    let failure = #expect(throws: AgentFailure.self) {
      _ = try FittedPreparation(decoding: Array(state.utf8))
    }
    #expect(failure?.code == .dataLoss)
  }

  @Test(
    "stop words go with the space that they leave",
    arguments: [
      ("Go to the bank", "Go bank"), ("the end", "end"), ("end the", "end"), ("the", ""),
      ("(the) bank, the bank.", "() bank, bank."), ("other theory", "other theory"),
      ("The’s stay: the", "The’s stay:"),
    ])
  func removal(text: String, rest: String) {
    #expect(StopWords(["the", "to"]).removed(from: text) == rest)
  }

  @Test("English stop words leave negations in")
  func english() {
    #expect(StopWords.english.removed(from: "I do not have the card") == "not card")
    #expect(StopWords.english.removed(from: "You’re without it") == "without")
  }

  @Test("applying what was applied changes nothing: 2,000 texts put together at random")
  func idempotent() throws {
    let pieces = [
      "the", "The", " ", "  ", "&", "amp;", "&amp;", "a", "it's", "’", "<b>", "the<", "br>", "x",
      ",", "\n", "lt;", "Ã",
      "©", "you", "re",
    ]
    let fitted = FittedPreparation(
      fitting: [], try settings(["stop_words": "english"]))
    var state: UInt64 = 3
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<2000 {
      let text = (0..<random(10)).map { _ in pieces[random(pieces.count)] }.joined()
      let once = fitted.applied(to: text)
      #expect(
        fitted.applied(to: once).unicodeScalars.elementsEqual(once.unicodeScalars),
        "\(text.debugDescription)")
    }
  }
}
