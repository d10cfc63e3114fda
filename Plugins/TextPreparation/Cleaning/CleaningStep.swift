/// One kind of repair.
///
/// The order of the cases is the order in which they run, whatever order they were asked for in: what a step
/// decodes may be what a later one cleans.
public enum CleaningStep: String, Sendable, Hashable, CaseIterable {
  /// UTF-8 that was read as Windows-1252 and written as UTF-8 again: `donâ€™t`.
  case mojibake
  /// HTML entities and tags; scripts and styles with their content.
  case html
  /// Control and zero-width characters; line ends and tabs become spaces.
  case controls
  /// Unicode's canonical composition (NFC).
  case nfc
  /// Unicode's compatibility composition (NFKC): full-width letters, ligatures, superscripts.
  case nfkc
  /// Small letters.
  case lowercase
  /// A run of white space becomes one space.
  case collapse
  /// White space at both ends goes.
  case trim
}
