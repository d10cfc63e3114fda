/// HTML's character entities: the numeric ones, and the named ones that occur in messages.
enum HTMLEntity {
  /// The character of an entity, or nil for one that is not known.
  ///
  /// - Parameter name: what stands between `&` and `;`.
  static func scalar(named name: ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
    guard name.first == "#" else {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: name)
      return named[String(text)]
    }
    let digits = name.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    var value: UInt32 = 0
    let rest = isHex ? digits.dropFirst() : digits
    guard !rest.isEmpty else { return nil }
    for scalar in rest {
      guard let digit = Character(scalar).hexDigitValue, scalar.value < 0x80, isHex || digit < 10,
        value < 0x110000
      else { return nil }
      value = value * (isHex ? 16 : 10) + UInt32(digit)
    }
    // HTML means Windows-1252 by these numbers, which Unicode gives to controls.
    if (0x80..<0xA0).contains(value) { return Mojibake.scalar(ofByte: UInt8(value)) }
    return value == 0 ? nil : Unicode.Scalar(value)
  }

  private static let named: [String: Unicode.Scalar] = {
    var table: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "AMP": "&", "LT": "<",
      "GT": ">", "QUOT": "\"", "hellip": "\u{2026}", "mdash": "\u{2014}", "ndash": "\u{2013}",
      "lsquo": "\u{2018}", "rsquo": "\u{2019}", "sbquo": "\u{201A}", "ldquo": "\u{201C}",
      "rdquo": "\u{201D}", "bdquo": "\u{201E}", "lsaquo": "\u{2039}", "rsaquo": "\u{203A}",
      "bull": "\u{2022}", "euro": "\u{20AC}", "trade": "\u{2122}", "zwnj": "\u{200C}",
      "zwj": "\u{200D}", "lrm": "\u{200E}", "rlm": "\u{200F}", "ensp": "\u{2002}",
      "emsp": "\u{2003}", "thinsp": "\u{2009}", "OElig": "\u{0152}", "oelig": "\u{0153}",
      "Scaron": "\u{0160}", "scaron": "\u{0161}", "Yuml": "\u{0178}", "fnof": "\u{0192}",
      "circ": "\u{02C6}", "tilde": "\u{02DC}", "larr": "\u{2190}", "uarr": "\u{2191}",
      "rarr": "\u{2192}", "darr": "\u{2193}", "minus": "\u{2212}", "hearts": "\u{2665}",
      "semi": ";", "colon": ":", "excl": "!", "num": "#",
    ]
    for (offset, name) in latin1.split(separator: " ").enumerated() {
      table[String(name)] = Unicode.Scalar(UInt8(0xA0 + offset))
    }
    return table
  }()

  /// The names of U+00A0 to U+00FF, in order.
  private static let latin1 = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
    acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
    Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute \
    Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde \
    auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
    """
}
