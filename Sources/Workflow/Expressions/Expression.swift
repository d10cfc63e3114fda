/// A condition or a sum over the values of a workflow: `evaluate.macro_f1 >= params.min_f1`.
///
///     or      = and {"or" and}
///     and     = not {"and" not}
///     not     = "not" not | compare
///     compare = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
///     sum     = product {("+" | "-") product}
///     product = unary {("*" | "/") unary}
///     unary   = "-" unary | number | string | "true" | "false" | path | call | "(" or ")"
///     call    = ("min" | "max" | "abs") "(" or {"," or} ")"
///     path    = name {"." name} ["[" index "]"]
///
/// The grammar is our own and small on purpose: it ends, has no side effects, and its types are
/// known before the run.
public struct Expression: Hashable, Sendable, CustomStringConvertible {
  /// The text as it stands in the file.
  public let text: String
  /// Where it stands.
  public let position: SourcePosition
  /// What it calculates.
  public let root: Term

  /// A term with its place in the text, in Unicode scalars.
  public struct Term: Hashable, Sendable {
    /// What it calculates.
    public let kind: Kind
    /// Where it begins.
    public let offset: Int
    /// How long it is.
    public let length: Int
  }

  /// What a term calculates.
  public indirect enum Kind: Hashable, Sendable {
    /// A number, a string, true or false.
    case literal(ExpressionValue)
    /// A value of the workflow.
    case path(ExpressionPath)
    /// `-x`.
    case negate(Term)
    /// `not x`.
    case not(Term)
    /// Two terms joined.
    case binary(Operator, Term, Term)
    /// A function of one or more numbers.
    case call(Function, [Term])
  }

  /// What joins two terms.
  public enum Operator: String, Hashable, Sendable {
    case or, and
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  /// What can be called.
  public enum Function: String, Hashable, Sendable, CaseIterable {
    /// The smallest of its arguments.
    case min
    /// The largest of its arguments.
    case max
    /// The size of its argument, without the sign.
    case abs
  }

  /// The text as it stands in the file.
  public var description: String { text }

  /// Every path with its place in the text.
  public var paths: [(path: ExpressionPath, offset: Int, length: Int)] {
    func walk(_ term: Term) -> [(path: ExpressionPath, offset: Int, length: Int)] {
      switch term.kind {
      case .literal: []
      case .path(let path): [(path, term.offset, term.length)]
      case .negate(let inner), .not(let inner): walk(inner)
      case .binary(_, let left, let right): walk(left) + walk(right)
      case .call(_, let arguments): arguments.flatMap(walk)
      }
    }
    return walk(root)
  }
}

/// A value's name in an expression: `evaluate.macro_f1`, `evaluate.macro_f1[0]`, `params.min_f1`.
public struct ExpressionPath: Hashable, Sendable, CustomStringConvertible {
  /// The names between the dots.
  public var names: [String]
  /// The member of a team, from 0; nil where none is named.
  public var member: Int?

  /// Names a value.
  public init(_ names: [String], member: Int? = nil) {
    self.names = names
    self.member = member
  }

  /// `evaluate.macro_f1[0]`.
  public var description: String {
    names.joined(separator: ".") + (member.map { "[\($0)]" } ?? "")
  }
}

/// A value that expressions calculate with.
public enum ExpressionValue: Hashable, Sendable, CustomStringConvertible {
  /// A number.
  case number(Double)
  /// True or false.
  case bool(Bool)
  /// Text.
  case string(String)

  /// The value's type.
  public var type: ExpressionType {
    switch self {
    case .number: .number
    case .bool: .bool
    case .string: .string
    }
  }

  /// The value as it is written in an expression.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): "'\(value)'"
    }
  }
}

extension ExpressionValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral
{
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Makes a number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// Makes a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes text.
  public init(stringLiteral value: String) { self = .string(value) }
}

/// The type of an expression.
public enum ExpressionType: String, Hashable, Sendable {
  case number = "a number"
  case bool = "a condition"
  case string = "text"
}
