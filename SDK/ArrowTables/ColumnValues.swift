/// The type of a column's values, named as in port types.
public enum ColumnType: String, Sendable, Hashable, CaseIterable {
  /// Text.
  case utf8
  /// Whole numbers of 64 bits.
  case i64
  /// Numbers of 64 bits with a fraction.
  case f64
  /// `true` or `false`.
  case bool
}

/// The values of one column; nil is a missing value.
public enum ColumnValues: Sendable, Hashable {
  /// Text.
  case utf8([String?])
  /// Whole numbers.
  case i64([Int64?])
  /// Numbers.
  case f64([Double?])
  /// Truth values.
  case bool([Bool?])

  /// The number of values, missing ones included.
  public var count: Int {
    switch self {
    case .utf8(let values): values.count
    case .i64(let values): values.count
    case .f64(let values): values.count
    case .bool(let values): values.count
    }
  }

  /// The type of the values.
  public var type: ColumnType {
    switch self {
    case .utf8: .utf8
    case .i64: .i64
    case .f64: .f64
    case .bool: .bool
    }
  }

  /// A column of that type without values.
  ///
  /// - Parameter type: the type of the values.
  public init(empty type: ColumnType) {
    switch type {
    case .utf8: self = .utf8([])
    case .i64: self = .i64([])
    case .f64: self = .f64([])
    case .bool: self = .bool([])
    }
  }

  /// The values at the given places, in that order; a place may come more than once.
  ///
  /// - Parameter rows: places in `0..<count`.
  /// - Complexity: O(rows).
  public func values(at rows: [Int]) -> ColumnValues {
    switch self {
    case .utf8(let values): .utf8(rows.map { values[$0] })
    case .i64(let values): .i64(rows.map { values[$0] })
    case .f64(let values): .f64(rows.map { values[$0] })
    case .bool(let values): .bool(rows.map { values[$0] })
    }
  }

  /// Appends the values of a column of the same type; false, and no change, for another type.
  ///
  /// - Parameter other: what comes after the values of this one.
  /// - Complexity: O(other.count), amortised.
  mutating func append(_ other: ColumnValues) -> Bool {
    // The array is taken out of `self` before it grows, so that it is the only reference and grows in
    // place; appending many batches would else be quadratic.
    switch other {
    case .utf8(let more):
      guard case .utf8(var values) = self else { return false }
      self = .utf8([])
      values += more
      self = .utf8(values)
    case .i64(let more):
      guard case .i64(var values) = self else { return false }
      self = .i64([])
      values += more
      self = .i64(values)
    case .f64(let more):
      guard case .f64(var values) = self else { return false }
      self = .f64([])
      values += more
      self = .f64(values)
    case .bool(let more):
      guard case .bool(var values) = self else { return false }
      self = .bool([])
      values += more
      self = .bool(values)
    }
    return true
  }
}
