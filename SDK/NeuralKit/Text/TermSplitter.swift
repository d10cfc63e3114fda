/// Splits texts into n-grams as scikit-learn's analyzers do.
struct TermSplitter {
  let settings: TfidfSettings

  /// Calls `body` with each n-gram of a text, in no stated order; a term comes as often as it occurs.
  ///
  /// - Complexity: O(length · n-gram lengths).
  func forEachTerm(in text: String, _ body: (Term) -> Void) {
    // Python's lower() also knows the final sigma, which Swift's does not; all else is the same.
    let text = settings.lowercase ? text.lowercased() : text
    switch settings.analyzer {
    case .word: words(text, body)
    case .character: characters(collapsed(text), body)
    case .characterWithinWords: charactersWithinWords(collapsed(text), body)
    }
  }

  private func words(_ text: String, _ body: (Term) -> Void) {
    var bytes: [UInt8] = []
    var words: [Range<Int>] = []
    var start = 0
    var length = 0
    func end() {
      // A run of one is no word; its bytes are dropped again.
      if length >= 2 {
        words.append(start..<bytes.count)
        bytes.append(UInt8(ascii: " "))
      } else {
        bytes.removeSubrange(start...)
      }
      start = bytes.count
      length = 0
    }
    for scalar in text.unicodeScalars {
      if scalar.isWordCharacter {
        bytes.append(contentsOf: scalar.utf8)
        length += 1
      } else if length > 0 {
        end()
      }
    }
    if length > 0 { end() }
    for count in settings.ngrams where count <= words.count {
      for first in 0...(words.count - count) {
        let range = words[first].lowerBound..<words[first + count - 1].upperBound
        body(Term(bytes: bytes[range]))
      }
    }
  }

  private func characters(_ text: String.UnicodeScalarView, _ body: (Term) -> Void) {
    let (bytes, starts) = layOut(text)
    for count in settings.ngrams where count < starts.count {
      for first in 0..<(starts.count - count) {
        body(Term(bytes: bytes[starts[first]..<starts[first + count]]))
      }
    }
  }

  private func charactersWithinWords(_ text: String.UnicodeScalarView, _ body: (Term) -> Void) {
    for word in text.split(whereSeparator: \.isPythonSpace) {
      let (bytes, starts) = layOut(" ".unicodeScalars + Array(word) + " ".unicodeScalars)
      let length = starts.count - 1
      for count in settings.ngrams {
        // A word that is no longer than the n-gram counts once, then longer n-grams are not tried.
        guard count < length else {
          body(Term(bytes: bytes[...]))
          break
        }
        for first in 0...(length - count) {
          body(Term(bytes: bytes[starts[first]..<starts[first + count]]))
        }
      }
    }
  }

  /// UTF-8 with the place where each scalar begins, and at last the end.
  private func layOut(_ scalars: some Sequence<Unicode.Scalar>) -> ([UInt8], [Int]) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for scalar in scalars {
      starts.append(bytes.count)
      bytes.append(contentsOf: scalar.utf8)
    }
    starts.append(bytes.count)
    return (bytes, starts)
  }

  /// Runs of two or more spaces as one: `re.sub(r"\s\s+", " ", text)`.
  private func collapsed(_ text: String) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    var run: [Unicode.Scalar] = []
    func end() {
      if let only = run.first { result.append(run.count == 1 ? only : " ") }
      run.removeAll()
    }
    for scalar in text.unicodeScalars {
      if scalar.isPythonSpace {
        run.append(scalar)
      } else {
        end()
        result.append(scalar)
      }
    }
    end()
    return result
  }
}

extension Unicode.Scalar {
  /// Python's `\w` for text: letters, numbers of every kind, and the underscore; no marks.
  fileprivate var isWordCharacter: Bool {
    if isASCII {
      switch self {
      case "a"..."z", "A"..."Z", "0"..."9", "_": return true
      default: return false
      }
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  /// Python's `\s` for text: Unicode's white space and the four separators U+001C to U+001F.
  fileprivate var isPythonSpace: Bool {
    properties.isWhitespace || (0x1C...0x1F).contains(value)
  }
}
