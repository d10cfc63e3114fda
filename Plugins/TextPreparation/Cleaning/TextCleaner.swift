import Foundation

/// Cleans texts by a set of steps.
///
///     TextCleaner([.html, .collapse, .trim]).clean("<p>5 &lt;  6</p>")  // "5 < 6"
///
/// Cleaning what is clean changes nothing: the steps are repeated until none of them finds more to do. That
/// comes to an end because every decoding makes the text shorter than what it decodes.
public struct TextCleaner: Sendable, Hashable {
  /// The steps in the order in which they run.
  public let steps: [CleaningStep]
  private let decodes: [CleaningStep]
  private let smooths: [CleaningStep]

  /// Makes a cleaner.
  ///
  /// - Parameter steps: in any order.
  public init(_ steps: some Sequence<CleaningStep>) {
    let wanted = Set(steps)
    self.steps = CleaningStep.allCases.filter(wanted.contains)
    // Decoding is done to its end before NFKC, which would take apart what is still to be decoded.
    decodes = self.steps.filter { $0 == .mojibake || $0 == .html }
    smooths = self.steps.filter { $0 != .mojibake && $0 != .html }
  }

  /// The clean text.
  ///
  /// - Complexity: O(length), times the depth of what was encoded several times over.
  public func clean(_ text: String) -> String {
    var changed: Set<CleaningStep> = []
    return clean(text, changed: &changed)
  }

  /// The clean text, and the steps that had something to do.
  public func clean(_ text: String, changed: inout Set<CleaningStep>) -> String {
    if Self.isPlain(text) && !steps.contains(.lowercase) { return text }
    var text = text
    // Each level of double encoding doubles a text, so no text has 64 of them.
    for _ in 0..<64 {
      let before = text
      for _ in 0..<64 {
        let encoded = text
        for step in decodes { text = Self.apply(step, to: text, &changed) }
        if Self.same(text, encoded) { break }
      }
      for step in smooths { text = Self.apply(step, to: text, &changed) }
      if Self.same(text, before) { break }
    }
    return text
  }

  private static func apply(
    _ step: CleaningStep, to text: String, _ changed: inout Set<CleaningStep>
  ) -> String {
    let result =
      switch step {
      case .mojibake: Mojibake.repaired(text)
      case .html: HTMLText.decoded(text)
      case .controls: ControlCharacters.removed(text)
      case .nfc: isASCII(text) ? text : text.precomposedStringWithCanonicalMapping
      case .nfkc: isASCII(text) ? text : text.precomposedStringWithCompatibilityMapping
      case .lowercase: text.lowercased()
      case .collapse: WhiteSpace.collapsed(text)
      case .trim: WhiteSpace.trimmed(text)
      }
    if !same(result, text) { changed.insert(step) }
    return result
  }

  /// Whether two texts are the same scalars; `==` also holds for composed and decomposed ones.
  static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  /// Whether no step but `lowercase` could change the text: printable ASCII without entities and tags, and
  /// single spaces within.
  ///
  /// Most texts are, and are done with here.
  private static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var last = UInt8(ascii: " ")
      for byte in bytes {
        guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "&"), byte != UInt8(ascii: ">"),
          byte != 0x20 || last != 0x20
        else { return false }
        last = byte
      }
      return last != 0x20 || bytes.isEmpty
    }
  }
}
