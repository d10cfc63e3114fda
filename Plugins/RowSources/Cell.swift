import AgentKit

/// One value of a row before its column's type is known.
public enum Cell: Sendable, Hashable {
  /// A missing value.
  case null
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction.
  case number(Double)
  /// A truth value.
  case truth(Bool)

  /// The value as a text; nil for a missing one.
  public var text: String? {
    switch self {
    case .null: nil
    case .text(let value): value
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .truth(let value): String(value)
    }
  }
}

extension ColumnValues {
  /// The narrowest column that holds all cells without loss: truth values, whole numbers, numbers, else
  /// texts.
  ///
  /// A column of nothing but missing values is one of texts.
  ///
  /// Whole numbers next to fractions become numbers only while each of them is exact as one.
  ///
  /// - Complexity: O(cells).
  public init(_ cells: [Cell]) {
    var kinds: Set<ColumnType> = []
    var exact = true
    for cell in cells {
      switch cell {
      case .null: break
      case .text: kinds.insert(.utf8)
      case .integer(let value):
        kinds.insert(.i64)
        exact = exact && Int64(exactly: Double(value)) == value
      case .number: kinds.insert(.f64)
      case .truth: kinds.insert(.bool)
      }
    }
    switch kinds {
    case [.bool]: self = .bool(cells.map { if case .truth(let value) = $0 { value } else { nil } })
    case [.i64]: self = .i64(cells.map { if case .integer(let value) = $0 { value } else { nil } })
    case [.f64]: self = .f64(cells.map(\.number))
    case [.f64, .i64] where exact: self = .f64(cells.map(\.number))
    default: self = .utf8(cells.map(\.text))
    }
  }
}

extension Cell {
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
