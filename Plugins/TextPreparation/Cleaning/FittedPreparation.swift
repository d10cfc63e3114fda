import AgentKit

/// What was learned from the training part, with all that is needed to prepare a text as it was: it travels
/// with the model.
public struct FittedPreparation: Sendable, Hashable {
  /// The steps on each text.
  public let cleaner: TextCleaner
  /// The words that are taken out.
  public let stopWords: StopWords

  /// Learns from the texts of the training part.
  ///
  /// - Parameters:
  ///   - texts: in any order; the result does not depend on it.
  ///   - settings: how.
  /// - Complexity: O(length of all texts).
  public init(fitting texts: [String?], _ settings: PreparationSettings) {
    cleaner = settings.cleaner
    switch settings.stopWords {
    case .none: stopWords = StopWords([])
    case .english: stopWords = .english
    case .fitted:
      var documents = 0
      var frequency: [String: Int] = [:]
      for case let text? in texts {
        documents += 1
        for word in Set(StopWords.words(of: cleaner.clean(text))) {
          frequency[word, default: 0] += 1
        }
      }
      let limit = settings.maxDocumentFrequency * Double(documents)
      stopWords = StopWords(frequency.filter { Double($0.value) > limit }.keys)
    }
  }

  /// A text, cleaned, without stop words; what is prepared already stays as it is.
  ///
  /// - Complexity: O(length).
  public func applied(to text: String) -> String {
    var text = cleaner.clean(text)
    // A word that goes may bring together what a cleaning step joins; each round makes the text shorter.
    while true {
      let next = cleaner.clean(stopWords.removed(from: text))
      if TextCleaner.same(next, text) { return text }
      text = next
    }
  }

  private static let version = 1

  /// The state as bytes: JSON with its keys and lists in one order, so that equal states are equal bytes.
  public func encoded() -> [UInt8] {
    let value: JSONValue = [
      "clean": .array(cleaner.steps.map { .string($0.rawValue) }),
      "stop_words": .array(stopWords.words.sorted().map(JSONValue.string)),
      "version": .int(Self.version),
    ]
    return Array(value.text.utf8)
  }

  /// Reads a state.
  ///
  /// - Throws: `AgentFailure` with `dataLoss` for what ``encoded()`` did not write.
  public init(decoding state: [UInt8]) throws(AgentFailure) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: state)
    } catch {
      throw AgentFailure(
        .dataLoss, "the fitted state is damaged; prepare the data again", where: "fitted",
        causes: [error])
    }
    let names = value["clean"]?.stringsValue ?? []
    let steps = names.compactMap(CleaningStep.init)
    guard value["version"]?.intValue == Self.version, value["clean"]?.arrayValue != nil,
      steps.count == names.count, let words = value["stop_words"]?.stringsValue
    else {
      throw AgentFailure(
        .dataLoss,
        "the fitted state is not of this agent's version \(Self.version); prepare the "
          + "data again", where: "fitted")
    }
    cleaner = TextCleaner(steps)
    stopWords = StopWords(words)
  }
}
