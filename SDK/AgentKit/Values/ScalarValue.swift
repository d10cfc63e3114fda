/// One number, truth value or text.
public enum ScalarValue: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral
{
  /// A number.
  case f64(Double)
  /// A whole number.
  case i64(Int64)
  /// `true` or `false`.
  case bool(Bool)
  /// A text.
  case utf8(String)

  /// Makes a number.
  public init(floatLiteral value: Double) { self = .f64(value) }
  /// Makes a whole number.
  public init(integerLiteral value: Int64) { self = .i64(value) }
  /// Makes a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes a text.
  public init(stringLiteral value: String) { self = .utf8(value) }

  /// The number, whole or not, or nil for every other type.
  public var doubleValue: Double? {
    switch self {
    case .f64(let value): value
    case .i64(let value): Double(value)
    default: nil
    }
  }
}
