/// The text of a piece of HTML.
///
/// One pass over a stack of scalars: when a `;` or `>` comes, the end of the stack is looked at, and an entity
/// or tag there is replaced. So what decoding uncovers (`&amp;lt;b&amp;gt;`) is decoded in turn, and the result
/// holds nothing more to decode.
struct HTMLText {
  private var stack: [Unicode.Scalar] = []
  /// Where the content of an open script or style begins.
  private var hiddenFrom: Int?

  /// The text without entities and tags; unknown ones stay: `AT&T`, `<3`, `<me@here.org>`.
  ///
  /// - Complexity: O(length).
  static func decoded(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ">") }) else {
      return text
    }
    var reader = HTMLText()
    for scalar in text.unicodeScalars { reader.push(scalar) }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: reader.stack)
    return String(result)
  }

  private mutating func push(_ scalar: Unicode.Scalar) {
    // What an entity decodes to may itself end an entity or a tag; a loop, since input decides how deep.
    var next: Unicode.Scalar? = scalar
    while let scalar = next {
      stack.append(scalar)
      next = scalar == ";" ? popEntity() : nil
      if scalar == ">" { reduceTag() }
    }
  }

  /// Takes an entity off the end of the stack and gives its character.
  private mutating func popEntity() -> Unicode.Scalar? {
    // The longest name known has 6 letters, the longest number 8 digits.
    let nearest = max(0, stack.count - 12)
    guard let start = stack[nearest...].lastIndex(of: "&"),
      let scalar = HTMLEntity.scalar(named: stack[(start + 1)..<(stack.count - 1)])
    else { return nil }
    stack.removeSubrange(start...)
    return scalar
  }

  private mutating func reduceTag() {
    if stack.suffix(3).elementsEqual("-->".unicodeScalars), let start = commentStart() {
      stack.removeSubrange(start...)
      return
    }
    // Not beyond the last tag's end: all searches together stay linear.
    let earliest = stack.dropLast().lastIndex(of: ">") ?? 0
    guard let start = stack[earliest...].lastIndex(of: "<"),
      let tag = HTMLTag(stack[(start + 1)..<(stack.count - 1)])
    else { return }
    stack.removeSubrange(start...)
    if tag.hidesContent, !tag.isClosing {
      hiddenFrom = min(hiddenFrom ?? stack.count, stack.count)
    } else if tag.hidesContent, let from = hiddenFrom {
      stack.removeSubrange(min(from, stack.count)...)
      hiddenFrom = nil
    }
    if !tag.isInline { stack.append(" ") }
  }

  private func commentStart() -> Int? {
    let earliest = max(0, stack.count - 4096)
    var index = stack.count - 3
    while let start = stack[earliest..<index].lastIndex(of: "<") {
      if stack[start...].starts(with: "<!--".unicodeScalars) { return start }
      index = start
    }
    return nil
  }
}

/// The inside of a tag, between its angle brackets.
private struct HTMLTag {
  let isClosing: Bool
  let isInline: Bool
  let hidesContent: Bool

  /// Nil unless it is a tag, a declaration or a processing instruction that HTML has.
  init?(_ inside: ArraySlice<Unicode.Scalar>) {
    if inside.first == "!" || inside.first == "?" {
      let word = Self.name(inside.dropFirst())
      guard word == "doctype" || word == "xml" else { return nil }
      (isClosing, isInline, hidesContent) = (false, false, false)
      return
    }
    isClosing = inside.first == "/"
    let rest = isClosing ? inside.dropFirst() : inside
    let name = Self.name(rest)
    let after = rest.dropFirst(name.unicodeScalars.count).first
    guard after == nil || after == "/" || after.map(WhiteSpace.isSpace) == true else { return nil }
    isInline = Self.inline.contains(name)
    hidesContent = name == "script" || name == "style"
    guard isInline || hidesContent || Self.block.contains(name) else { return nil }
  }

  private static func name(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var name = String.UnicodeScalarView()
    for scalar in scalars.prefix(11) {
      guard scalar.value < 0x80, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      else { break }
      name.append(scalar)
    }
    return String(name).lowercased()
  }

  /// Tags within a word or sentence; all others part what stands before from what stands after.
  private static let inline: Set<String> = [
    "a", "abbr", "b", "big", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "tt", "u", "wbr",
  ]
  private static let block: Set<String> = [
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center",
    "col", "dd", "del", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input",
    "label", "legend", "li", "link", "main", "meta", "nav", "noscript", "object", "ol", "option",
    "p", "param", "picture", "pre", "section", "select", "source", "strike", "svg", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul", "video",
  ]
}
