/// What unification has learnt about symbolic dimensions: which are equal, and their sizes.
///
/// Symbols unify like type variables. Equal symbols form classes (union-find); a class has a range
/// of sizes or one size.
public struct DimBindings: Hashable, Sendable {
  private var parents: [String: String] = [:]
  private var ranges: [String: SizeRange] = [:]

  /// Knows nothing yet.
  public init() {}

  /// The size of a symbol, once it is certain.
  public func size(of symbol: String) -> Int? {
    guard let range = range(of: symbol), range.min == range.max else { return nil }
    return range.min
  }

  /// The sizes that a symbol may still take; nil where nothing is known.
  public func range(of symbol: String) -> SizeRange? { ranges[root(symbol)] }

  /// Whether two symbols are known to be one size.
  public func areEqual(_ a: String, _ b: String) -> Bool { root(a) == root(b) }

  /// Records that two dimensions are equal.
  ///
  /// - Throws: `PortTypeError` of code `shape` where no size satisfies both. The bindings are
  ///   then as they were before.
  public mutating func unify(_ a: Dim, _ b: Dim) throws {
    guard let first = sizes(a), let second = sizes(b),
      let range = Self.intersection(first, second)
    else {
      throw PortTypeError(
        code: .shape, message: "no size is both \(describe(a)) and \(describe(b))")
    }
    switch (a.extent, b.extent) {
    case (.symbol(let x), .symbol(let y)):
      let (from, to) = (root(x), root(y))
      if from != to {
        parents[from] = to
        ranges[from] = nil
      }
      ranges[to] = range.bound
    case (.symbol(let x), _), (_, .symbol(let x)): ranges[root(x)] = range.bound
    default: break
    }
  }

  private func root(_ symbol: String) -> String {
    var symbol = symbol
    while let parent = parents[symbol] { symbol = parent }
    return symbol
  }

  /// Everything known about a dimension: its own range met with its symbol's.
  ///
  /// Nil: no size is left.
  private func sizes(_ dim: Dim) -> KnownSizes? {
    let own = dim.range.map(KnownSizes.within) ?? .any
    switch dim.extent {
    case .fixed(let size): return .within(SizeRange(min: size, max: size))
    case .anonymous: return own
    case .symbol(let name):
      guard let known = range(of: name) else { return own }
      return Self.intersection(own, .within(known))
    }
  }

  private enum KnownSizes {
    case any
    case within(SizeRange)

    var bound: SizeRange? { if case .within(let range) = self { range } else { nil } }
  }

  private static func intersection(_ a: KnownSizes, _ b: KnownSizes) -> KnownSizes? {
    switch (a, b) {
    case (.any, let other), (let other, .any): other
    case (.within(let x), .within(let y)): x.intersection(y).map(KnownSizes.within)
    }
  }

  private func describe(_ dim: Dim) -> String {
    guard case .symbol(let name) = dim.extent, let known = range(of: name) else {
      return dim.description
    }
    let size = known.min == known.max ? String(known.min) : known.description
    return "\(dim) (\(size) here)"
  }
}
