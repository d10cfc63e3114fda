/// One dimension of a tensor port.
///
/// A text is a symbol, equal symbols being equal sizes across the ports of an offer and across agents; a
/// number is a fixed size: `["rows", "classes"]`, `["batch", 64]`.
public struct Dim: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  /// The symbol; empty for a size without a name.
  public var symbol: String
  /// The least size.
  public var min: Int
  /// The greatest size; nil when it is unbounded.
  public var max: Int?
  /// The expected size, or nil.
  public var estimate: Int?

  /// A dimension.
  ///
  /// - Parameters:
  ///   - symbol: the symbol; empty for a size without a name.
  ///   - min: the least size.
  ///   - max: the greatest size; nil when it is unbounded.
  ///   - estimate: the expected size.
  public init(_ symbol: String = "", min: Int = 0, max: Int? = nil, estimate: Int? = nil) {
    self.symbol = symbol
    self.min = min
    self.max = max
    self.estimate = estimate
  }

  /// Any size, bound to nothing.
  public static let any = Dim()

  /// A symbol.
  public init(stringLiteral symbol: String) { self.init(symbol) }

  /// A fixed size.
  public init(integerLiteral size: Int) { self.init("", min: size, max: size, estimate: size) }
}
