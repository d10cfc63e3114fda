import Contracts

extension Expression {
  /// Reads an expression.
  ///
  /// - Throws: `NotationError` with the place and what was expected there.
  init(parsing text: String, position: SourcePosition) throws {
    var parser = ExpressionParser(text)
    self.init(text: text, position: position, root: try parser.whole())
  }
}

/// Reads expressions by recursive descent, one token ahead.
struct ExpressionParser {
  /// Bounds the recursion, here and in everything that walks the tree.
  private static let depthLimit = 64
  private static let lengthLimit = 4_096

  private let scalars: [Unicode.Scalar]
  private var index = 0
  /// Where the last token ended, so that a term's length leaves out the space behind it.
  private var lastEnd = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func whole() throws -> Expression.Term {
    guard scalars.count <= Self.lengthLimit else {
      throw error(
        "an expression longer than \(Self.lengthLimit) characters", at: 0, length: 1,
        remedy: "shorten it")
    }
    let term = try or(depth: 0)
    skipSpace()
    guard index == scalars.count else {
      throw error(
        "expected the end of the expression, found \(found)", length: 1,
        remedy: "join two conditions with 'and' or 'or'")
    }
    return term
  }

  /// Reads a path that stands alone, as in `max(path)` of `keep`.
  mutating func lonePath() throws -> ExpressionPath {
    let term = try primary(depth: 0)
    skipSpace()
    guard case .path(let path) = term.kind, index == scalars.count else {
      throw error(
        "expected one value such as evaluate.macro_f1", at: 0, length: scalars.count,
        remedy: "write max(step.port), min(step.port) or last")
    }
    return path
  }

  // MARK: Grammar

  private mutating func or(depth: Int) throws -> Expression.Term {
    var left = try and(depth: depth)
    while takeWord("or") { left = join(.or, left, try and(depth: depth)) }
    return left
  }

  private mutating func and(depth: Int) throws -> Expression.Term {
    var left = try not(depth: depth)
    while takeWord("and") { left = join(.and, left, try not(depth: depth)) }
    return left
  }

  private mutating func not(depth: Int) throws -> Expression.Term {
    skipSpace()
    let start = index
    try check(depth)
    if takeWord("not") { return term(.not(try not(depth: depth + 1)), from: start) }
    return try compare(depth: depth)
  }

  private mutating func compare(depth: Int) throws -> Expression.Term {
    let left = try sum(depth: depth)
    guard let comparison = takeComparison() else { return left }
    let joined = join(comparison, left, try sum(depth: depth))
    skipSpace()
    let start = index
    if takeComparison() != nil {
      throw error(
        "comparisons do not chain", at: start, length: index - start,
        remedy: "write a < b and b < c")
    }
    return joined
  }

  private mutating func sum(depth: Int) throws -> Expression.Term {
    var left = try product(depth: depth)
    while true {
      if take("+") {
        left = join(.add, left, try product(depth: depth))
      } else if take("-") {
        left = join(.subtract, left, try product(depth: depth))
      } else {
        return left
      }
    }
  }

  private mutating func product(depth: Int) throws -> Expression.Term {
    var left = try unary(depth: depth)
    while true {
      if take("*") {
        left = join(.multiply, left, try unary(depth: depth))
      } else if take("/") {
        left = join(.divide, left, try unary(depth: depth))
      } else {
        return left
      }
    }
  }

  private mutating func unary(depth: Int) throws -> Expression.Term {
    skipSpace()
    let start = index
    try check(depth)
    if take("-") { return term(.negate(try unary(depth: depth + 1)), from: start) }
    return try primary(depth: depth)
  }

  private mutating func primary(depth: Int) throws -> Expression.Term {
    skipSpace()
    let start = index
    if take("(") {
      let inner = try or(depth: depth + 1)
      try expect(")", remedy: "close the bracket")
      return inner
    }
    guard index < scalars.count else {
      throw error("the expression ends where a value should stand", remedy: "write a value here")
    }
    let scalar = scalars[index]
    if isDigit(scalar) || scalar == "." { return try number() }
    if scalar == "'" || scalar == "\"" { return try string() }
    guard let word = takeName() else {
      throw error(
        "expected a value, found \(found)", length: 1,
        remedy: "values are numbers, 'text', true, false, step.port and params.name")
    }
    switch word {
    case "true", "false": return term(.literal(.bool(word == "true")), from: start)
    case "and", "or", "not":
      throw error(
        "expected a value, found '\(word)'", at: start, length: index - start,
        remedy: "write a value on both sides of 'and' and 'or'")
    default: break
    }
    return take("(") ? try call(word, from: start, depth: depth) : try path(word, from: start)
  }

  private mutating func call(
    _ word: String, from start: Int, depth: Int
  ) throws -> Expression.Term {
    guard let function = Expression.Function(rawValue: word) else {
      let names = Expression.Function.allCases.map(\.rawValue)
      throw error(
        "'\(word)' is no function", at: start, length: word.unicodeScalars.count,
        remedy: NearMiss.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
          ?? "functions are \(names.joined(separator: ", "))")
    }
    var arguments = [try or(depth: depth + 1)]
    while take(",") { arguments.append(try or(depth: depth + 1)) }
    try expect(")", remedy: "close the bracket of \(word)(…)")
    guard function != .abs || arguments.count == 1 else {
      throw error(
        "abs takes one value, not \(arguments.count)", at: start, length: index - start,
        remedy: "give abs one value")
    }
    return term(.call(function, arguments), from: start)
  }

  private mutating func path(_ first: String, from start: Int) throws -> Expression.Term {
    var path = ExpressionPath([first])
    // No space inside of a path: `a .b` is an error, not a path.
    while index < scalars.count, scalars[index] == "." {
      index += 1
      guard index < scalars.count, !scalars[index].properties.isWhitespace,
        let name = takeName()
      else {
        throw error(
          "expected a name after '.', found \(found)", length: 1, remedy: "write step.port")
      }
      path.names.append(name)
    }
    if index < scalars.count, scalars[index] == "[" {
      index += 1
      let digits = index
      while index < scalars.count, isDigit(scalars[index]) { index += 1 }
      guard index > digits, let member = Int(text(from: digits)) else {
        throw error(
          "expected a member's number, found \(found)", length: 1,
          remedy: "name a member of a team by its number from 0, such as evaluate.macro_f1[0]")
      }
      path.member = member
      lastEnd = index
      try expect("]", remedy: "close the bracket")
    }
    lastEnd = index
    return term(.path(path), from: start)
  }

  // MARK: Tokens

  private mutating func number() throws -> Expression.Term {
    let start = index
    while index < scalars.count, isDigit(scalars[index]) || scalars[index] == "." { index += 1 }
    if index < scalars.count, scalars[index] == "e" || scalars[index] == "E" {
      index += 1
      if index < scalars.count, scalars[index] == "-" || scalars[index] == "+" { index += 1 }
      while index < scalars.count, isDigit(scalars[index]) { index += 1 }
    }
    while index < scalars.count, isNamePart(scalars[index]) { index += 1 }
    let text = text(from: start)
    guard let value = Double(text), value.isFinite, !text.hasSuffix("."), isDigit(scalars[start])
    else {
      throw error(
        "'\(text)' is no number", at: start, length: index - start,
        remedy: "write numbers as 2, 0.5 or 1e-3")
    }
    lastEnd = index
    return term(.literal(.number(value)), from: start)
  }

  private mutating func string() throws -> Expression.Term {
    let start = index
    let quote = scalars[index]
    index += 1
    while index < scalars.count, scalars[index] != quote { index += 1 }
    guard index < scalars.count else {
      throw error(
        "text without its closing quote", at: start, length: index - start,
        remedy: "close the quote")
    }
    let value = text(from: start + 1)
    index += 1
    lastEnd = index
    return term(.literal(.string(value)), from: start)
  }

  private mutating func takeComparison() -> Expression.Operator? {
    for (first, second, comparison) in Self.comparisons where take(first, second) {
      return comparison
    }
    return nil
  }

  private static let comparisons: [(Unicode.Scalar, Unicode.Scalar?, Expression.Operator)] = [
    ("<", "=", .lessOrEqual), (">", "=", .greaterOrEqual), ("=", "=", .equal),
    ("!", "=", .notEqual), ("<", nil, .less), (">", nil, .greater),
  ]

  private mutating func take(_ first: Unicode.Scalar, _ second: Unicode.Scalar? = nil) -> Bool {
    skipSpace()
    guard index < scalars.count, scalars[index] == first else { return false }
    if let second {
      guard index + 1 < scalars.count, scalars[index + 1] == second else { return false }
      index += 1
    }
    index += 1
    lastEnd = index
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    let start = index
    if takeName() == word { return true }
    index = start
    return false
  }

  private mutating func takeName() -> String? {
    skipSpace()
    guard index < scalars.count, isNamePart(scalars[index]), !isDigit(scalars[index]) else {
      return nil
    }
    let start = index
    while index < scalars.count, isNamePart(scalars[index]) { index += 1 }
    lastEnd = index
    return text(from: start)
  }

  private mutating func expect(_ scalar: Unicode.Scalar, remedy: String) throws {
    guard take(scalar) else {
      throw error("expected '\(scalar)', found \(found)", length: 1, remedy: remedy)
    }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      || scalar == "_"
  }

  private mutating func skipSpace() {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
  }

  private var found: String {
    index < scalars.count ? "'\(scalars[index])'" : "the end"
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<index])
    return String(view)
  }

  // MARK: Results

  private func term(_ kind: Expression.Kind, from start: Int) -> Expression.Term {
    Expression.Term(kind: kind, offset: start, length: lastEnd - start)
  }

  private func join(
    _ joint: Expression.Operator, _ left: Expression.Term, _ right: Expression.Term
  ) -> Expression.Term {
    Expression.Term(
      kind: .binary(joint, left, right), offset: left.offset,
      length: right.offset + right.length - left.offset)
  }

  private func check(_ depth: Int) throws {
    guard depth < Self.depthLimit else {
      throw error(
        "an expression nested deeper than \(Self.depthLimit) levels", length: 1,
        remedy: "split the condition")
    }
  }

  private func error(
    _ message: String, at offset: Int? = nil, length: Int = 0, remedy: String
  ) -> NotationError {
    let start = offset ?? index
    return NotationError(
      message: message, offset: start, length: min(length, scalars.count - start), remedy: remedy)
  }
}
