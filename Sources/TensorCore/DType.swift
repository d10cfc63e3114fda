/// The element type of a tensor.
///
/// The raw values are stable: they are written into artefacts and never reused.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  /// IEEE 754 binary32: the type of parameters, activations and gradients.
  case f32 = 1
  /// IEEE 754 binary64: for references and statistics.
  case f64 = 2
  /// Signed 32-bit integer: indices and offsets.
  case i32 = 3
  /// Signed 64-bit integer: class targets and counts.
  case i64 = 4
  /// Unsigned byte: raw media.
  case u8 = 5
  /// One byte an element, 0 or 1.
  case bool = 6
  /// Brain floating point, storage only: no operation takes it yet.
  case bf16 = 7
  /// Signed byte, storage only: no operation takes it yet.
  case i8 = 8

  /// Bytes that one element takes; elements are aligned to it.
  public var byteSize: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .bf16: 2
    case .u8, .bool, .i8: 1
    }
  }

  /// The name used in port types, messages and files: `f32`, `i64`.
  public var name: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .i32: "i32"
    case .i64: "i64"
    case .u8: "u8"
    case .bool: "bool"
    case .bf16: "bf16"
    case .i8: "i8"
    }
  }

  /// Whether elements are floating point, so that gradients exist.
  public var isFloatingPoint: Bool {
    switch self {
    case .f32, .f64, .bf16: true
    case .i32, .i64, .u8, .bool, .i8: false
    }
  }

  /// The type with the given name, or nil when there is none.
  ///
  /// - Parameter name: as `DType.name` spells it.
  public init?(named name: String) {
    guard let match = DType.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }
}

extension DType: CustomStringConvertible {
  /// Same as `name`.
  public var description: String { name }
}

/// A Swift type whose values are the elements of a tensor.
///
/// Conformances are closed: one type a dtype. Elements of `bool` tensors are read as bytes, since
/// foreign memory may hold values other than 0 and 1, which a Swift `Bool` must not.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The dtype that stores values of this type.
  static var dtype: DType { get }
}

extension Float: TensorElement {
  /// Stored as `f32`.
  public static var dtype: DType { .f32 }
}

extension Double: TensorElement {
  /// Stored as `f64`.
  public static var dtype: DType { .f64 }
}

extension Int32: TensorElement {
  /// Stored as `i32`.
  public static var dtype: DType { .i32 }
}

extension Int64: TensorElement {
  /// Stored as `i64`.
  public static var dtype: DType { .i64 }
}

extension UInt8: TensorElement {
  /// Stored as `u8`.
  public static var dtype: DType { .u8 }
}
