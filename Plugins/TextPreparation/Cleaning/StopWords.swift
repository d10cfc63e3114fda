/// Words that are taken out of texts.
public struct StopWords: Sendable, Hashable {
  /// The words, in small letters and with straight apostrophes.
  public let words: Set<String>

  /// Makes a list.
  public init(_ words: some Sequence<String>) { self.words = Set(words) }

  /// The text without the words, and without the space that each of them leaves behind.
  ///
  /// - Complexity: O(length).
  public func removed(from text: String) -> String {
    guard !words.isEmpty else { return text }
    var result = String.UnicodeScalarView()
    var isAtStart = true
    var droppedWord = false
    Self.forEachPiece(of: text) { piece, word in
      if let word, words.contains(word) {
        droppedWord = true
        return
      }
      var piece = piece
      // "go to the bank": of the two spaces around a dropped word the one behind it goes as well.
      if droppedWord, isAtStart || result.last.map(WhiteSpace.isSpace) == true {
        piece = piece.drop(while: WhiteSpace.isSpace)
      }
      droppedWord = false
      if !piece.isEmpty { isAtStart = false }
      result.append(contentsOf: piece)
    }
    if droppedWord {
      while let last = result.last, WhiteSpace.isSpace(last) { result.removeLast() }
    }
    return String(result)
  }

  /// The words of a text, in small letters and with straight apostrophes.
  ///
  /// - Complexity: O(length).
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    forEachPiece(of: text) { _, word in if let word { words.append(word) } }
    return words
  }

  /// Cuts a text into words (letters, digits, apostrophes) and what stands between them.
  private static func forEachPiece(
    of text: String, _ body: (_ piece: Substring.UnicodeScalarView, _ word: String?) -> Void
  ) {
    let scalars = Substring(text).unicodeScalars
    var start = scalars.startIndex
    while start < scalars.endIndex {
      let isWord = isWordPart(scalars[start])
      let end =
        scalars[start...].firstIndex { isWordPart($0) != isWord } ?? scalars.endIndex
      let piece = scalars[start..<end]
      body(piece, isWord ? normalised(piece) : nil)
      start = end
    }
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "\u{2019}" || isLetterOrDigit(scalar)
      || scalar.properties.generalCategory == .nonspacingMark
  }

  private static func normalised(_ piece: Substring.UnicodeScalarView) -> String {
    var word = String.UnicodeScalarView()
    for scalar in piece { word.append(scalar == "\u{2019}" ? "'" : scalar) }
    return String(word).lowercased()
  }

  /// The function words of English: articles, pronouns, prepositions, conjunctions, auxiliaries.
  ///
  /// No word that turns a meaning (`not`, `no`, `without`) is among them.
  public static let english = StopWords(
    """
    a about after again all also am an and any are as at be because been before being between both but by can \
    could did do does doing during each few for from further had has have having he he'd he'll he's her here \
    hers herself him himself his how i i'd i'll i'm i've if in into is it it's its itself just let's me might \
    more most must my myself of off on once only or other our ours ourselves out over own same shall she \
    she'd she'll she's should so some such than that that's the their theirs them themselves then there \
    there's these they they'd they'll they're they've this those through to too under until up very was we \
    we'd we'll we're we've were what what's when where which while who whom why will with would you you'd \
    you'll you're you've your yours yourself yourselves
    """.split(separator: " ").map(String.init))
}
