import Testing

@testable import TextCleaning

private func clean(_ text: String, _ steps: CleaningStep...) -> String {
  TextCleaner(steps).clean(text)
}

@Suite struct CleanerTests {
  @Test(
    "text that was decoded twice is repaired",
    arguments: [
      ("donâ€™t â€“ wonâ€™t", "don’t – won’t"), ("cafÃ© Ã¼ber Â£5", "café über £5"),
      ("ðŸ˜€", "😀"), ("ï»¿hello", "\u{FEFF}hello"),
      ("dÃ©jÃ\u{A0} vu", "déjà vu"),
      // Twice over.
      ("cafÃƒÂ©", "café"),
    ])
  func mojibake(dirty: String, repaired: String) {
    #expect(clean(dirty, .mojibake) == repaired)
  }

  @Test(
    "ordinary text in many languages is no mojibake",
    arguments: [
      "naïve façade, Ångström", "„Spaß“", "«Élan»", "“MAÇÃ”", "pâté – 5 €", "Привет, мир", "日本語",
      "Ã la carte", "â", "ïð", "MÁS Â",
    ])
  func noMojibake(text: String) {
    #expect(clean(text, .mojibake) == text)
  }

  @Test(
    "HTML becomes its text",
    arguments: [
      ("<p>Hello&nbsp;<b>bold</b>ly &amp; well</p>", " Hello\u{A0}boldly & well "),
      ("a<br/>b<BR>c", "a b c"), ("&lt;b&gt;x&lt;/b&gt;", "x"), ("&amp;amp;amp;lt;", "<"),
      ("&#39;&#x1F600;&#128;&eacute;&Auml;", "'😀€éÄ"),
      ("x<script>alert('<p>')</script>y", "x y"), ("a<!-- b > c -->d", "ad"),
      ("<a href=\"http://x.org?a=1&amp;b=2\">link</a>", "link"), ("<<b>b>x", "x"),
      ("<div class='a'>1</div\n>2", " 1 2"),
    ])
  func html(dirty: String, text: String) {
    #expect(clean(dirty, .html) == text)
  }

  @Test(
    "what only looks like HTML stays",
    arguments: [
      "I <3 you > all", "AT&T; R&D;", "a < b and c > d", "<me@here.org>", "&#0;&#xD800;&#x110000;",
      "&;",
      "<bogus>", "&#;", "&nosuch;", "5 <6> 7",
    ])
  func noHTML(text: String) {
    #expect(clean(text, .html) == text)
  }

  @Test("control and zero-width characters go, line ends become spaces, emoji stay whole")
  func controls() {
    #expect(clean("a\u{200B}b\u{FEFF}c\u{AD}d\u{7}\u{202E}e", .controls) == "abcde")
    #expect(clean("a\r\nb\tc\u{2028}d", .controls) == "a  b c d")
    #expect(clean("👨\u{200D}👩 x\u{200D}y", .controls) == "👨\u{200D}👩 xy")
  }

  @Test("normal forms: composed, and compatible where asked for")
  func normalForms() {
    #expect(clean("e\u{301}", .nfc).unicodeScalars.elementsEqual("\u{E9}".unicodeScalars))
    #expect(clean("ﬁn ２", .nfc) == "ﬁn ２")
    #expect(clean("ﬁn ２", .nfkc) == "fin 2")
  }

  @Test("white space of every kind is collapsed and trimmed")
  func whiteSpace() {
    #expect(clean(" a\u{A0}\u{3000} b\n\nc ", .collapse, .trim) == "a b c")
    #expect(clean(" a  b ", .trim) == "a  b")
    #expect(clean(" \u{2003}\t", .trim).isEmpty)
  }

  @Test("the order in which steps are asked for does not matter")
  func order() {
    let text = "  <P>CAFÃ‰  &amp;amp; Ｂ</P>"
    let steps = CleaningStep.allCases
    #expect(clean(text, .trim, .html) == clean(text, .html, .trim))
    #expect(TextCleaner(steps.reversed()).clean(text) == TextCleaner(steps).clean(text))
  }

  @Test("without steps nothing changes, not even a scalar")
  func none() {
    let text = " e\u{301} &amp; \u{200B}"
    #expect(TextCleaner([]).clean(text).unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test("the steps that had something to do are told")
  func changed() {
    var changed: Set<CleaningStep> = []
    _ = TextCleaner(CleaningStep.allCases).clean("<b>a</b>  b", changed: &changed)
    #expect(changed == [.html, .collapse])
  }

  @Test("hostile nesting is decoded in one pass")
  func nesting() {
    let deep = "&" + String(repeating: "amp;", count: 50_000) + "lt;"
    #expect(clean(deep, .html) == "<")
    #expect(clean(String(repeating: "<b>", count: 20_000), .html).isEmpty)
    #expect(clean(String(repeating: ">", count: 50_000), .html).count == 50_000)
  }

  @Test("cleaning what is clean changes nothing: 4,000 texts put together at random")
  func idempotent() {
    let pieces = [
      "a", "Straße", " ", "  ", "\n", "&amp;", "amp;", "&", ";", "lt;", "gt;", "<", ">", "b", "/b",
      "<b>", "br",
      "<script>", "</script>", "<!--", "-->", "Ã", "©", "â", "€", "™", "\u{200D}", "\u{200B}", "😀",
      "e", "\u{301}",
      "ﬁ", "Ａ", "＜", "＆", "İ", "Σ", "#", "60;", "x3c;", "\u{A0}", "\u{FEFF}", "Â", "ƒ", "ð", "Ÿ",
    ]
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<4000 {
      let text = (0..<random(14)).map { _ in pieces[random(pieces.count)] }.joined()
      let cleaner = TextCleaner(CleaningStep.allCases.filter { _ in random(3) > 0 })
      let once = cleaner.clean(text)
      #expect(
        cleaner.clean(once).unicodeScalars.elementsEqual(once.unicodeScalars),
        "\(text.debugDescription) by \(cleaner.steps)")
    }
  }

  @Test("duplicates have one key, whatever their case, spaces, forms and punctuation")
  func keys() {
    let key = duplicateKey("Don't STOP, Straße 5!")
    for text in [
      "dont stop strasse 5", "DON’T  stop — STRASSE ５", "don't\u{200B} stop: straße, 5...",
    ] {
      #expect(duplicateKey(text) == key)
    }
    #expect(duplicateKey("dont stop") != duplicateKey("don t stop"))
    #expect(duplicateKey("?!") == "?!")
  }
}
