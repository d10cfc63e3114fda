/// The type of a tensor's elements, of a scalar, or of a column's values.
///
/// The raw values are the ABI's.
public enum ElementType: UInt32, Sendable, Hashable, CaseIterable {
  /// `true` or `false`, a byte each.
  case bool = 1
  /// Unsigned bytes.
  case u8 = 2
  /// Signed bytes.
  case i8 = 3
  /// Whole numbers of 32 bits.
  case i32 = 4
  /// Whole numbers of 64 bits.
  case i64 = 5
  /// IEEE single precision.
  case f32 = 6
  /// IEEE double precision.
  case f64 = 7
  /// The upper half of a single.
  case bf16 = 8
  /// IEEE half precision.
  case f16 = 9
  /// Text; in scalars and columns only.
  case utf8 = 10

  init(_ type: ColumnType) {
    switch type {
    case .utf8: self = .utf8
    case .i64: self = .i64
    case .f64: self = .f64
    case .bool: self = .bool
    }
  }
}
