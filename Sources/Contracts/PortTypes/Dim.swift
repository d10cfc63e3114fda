/// One dimension of a tensor.
///
///     rows         a symbol: the same size wherever it stands in one step
///     rows:1..64   a symbol whose size lies in a range; `1..` has no upper end
///     128          a fixed size
///     _            any size
public struct Dim: Hashable, Sendable {
  /// What is known of the size by name or number.
  public enum Extent: Hashable, Sendable {
    /// A name: equal names in one step are equal sizes.
    case symbol(String)
    /// A size.
    case fixed(Int)
    /// Any size, unrelated to every other.
    case anonymous
  }

  /// The name or the size.
  public var extent: Extent
  /// The sizes allowed; nil allows all.
  ///
  /// A fixed size has none.
  public var range: SizeRange?

  /// Describes a dimension.
  public init(_ extent: Extent, range: SizeRange? = nil) {
    self.extent = extent
    self.range = range
  }

  /// A named dimension.
  public static func symbol(_ name: String, range: SizeRange? = nil) -> Dim {
    Dim(.symbol(name), range: range)
  }

  /// A dimension of known size.
  public static func fixed(_ size: Int) -> Dim { Dim(.fixed(size)) }

  /// A dimension of any size.
  public static let anonymous = Dim(.anonymous)
}

/// The sizes that a dimension may take.
public struct SizeRange: Hashable, Sendable {
  /// The smallest size.
  public var min: Int
  /// The largest size; nil where there is no bound.
  public var max: Int?

  /// Describes the sizes from `min` to `max`, both included.
  public init(min: Int, max: Int?) {
    self.min = min
    self.max = max
  }

  /// Whether the size is allowed.
  public func contains(_ size: Int) -> Bool {
    size >= min && max.map { size <= $0 } ?? true
  }

  /// The sizes that both allow, or nil where there are none.
  public func intersection(_ other: SizeRange) -> SizeRange? {
    let low = Swift.max(min, other.min)
    let high: Int? =
      switch (max, other.max) {
      case (let a?, let b?): Swift.min(a, b)
      case (let a, let b): a ?? b
      }
    if let high, high < low { return nil }
    return SizeRange(min: low, max: high)
  }
}

extension SizeRange: CustomStringConvertible {
  /// The notation of types: `1..64`, `1..`.
  public var description: String { "\(min)..\(max.map(String.init) ?? "")" }
}

extension Dim: CustomStringConvertible {
  /// The notation of types: `rows`, `rows:1..64`, `128`, `_`.
  public var description: String {
    let name =
      switch extent {
      case .symbol(let name): Dim.shown(name)
      case .fixed(let size): String(size)
      case .anonymous: "_"
      }
    return range.map { "\(name):\($0)" } ?? name
  }

  /// A scoped symbol (`train/rows`) is shown without its scope.
  private static func shown(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
