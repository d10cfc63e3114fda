import CadreABI
import TensorCore

extension DType {
  /// The element type of an ABI number (`CADRE_F32`); nil for `f16`, `utf8` and unknown ones.
  public init?(abi number: UInt32) {
    switch Int(number) {
    case CADRE_BOOL: self = .bool
    case CADRE_U8: self = .u8
    case CADRE_I8: self = .i8
    case CADRE_I32: self = .i32
    case CADRE_I64: self = .i64
    case CADRE_F32: self = .f32
    case CADRE_F64: self = .f64
    case CADRE_BF16: self = .bf16
    default: return nil
    }
  }

  /// The ABI's number.
  public var abi: UInt32 {
    switch self {
    case .bool: UInt32(CADRE_BOOL)
    case .u8: UInt32(CADRE_U8)
    case .i8: UInt32(CADRE_I8)
    case .i32: UInt32(CADRE_I32)
    case .i64: UInt32(CADRE_I64)
    case .f32: UInt32(CADRE_F32)
    case .f64: UInt32(CADRE_F64)
    case .bf16: UInt32(CADRE_BF16)
    }
  }

  /// The element type of a DLPack type; nil where there is none, or for vectors.
  init?(_ type: DLDataType) {
    guard type.lanes == 1 else { return nil }
    switch (Int(type.code), type.bits) {
    case (kDLFloat, 32): self = .f32
    case (kDLFloat, 64): self = .f64
    case (kDLBfloat, 16): self = .bf16
    case (kDLInt, 8): self = .i8
    case (kDLInt, 32): self = .i32
    case (kDLInt, 64): self = .i64
    case (kDLUInt, 8): self = .u8
    case (kDLBool, 8): self = .bool
    default: return nil
    }
  }

  /// The DLPack type.
  var dlpack: DLDataType {
    let code =
      switch self {
      case .f32, .f64: kDLFloat
      case .bf16: kDLBfloat
      case .i8, .i32, .i64: kDLInt
      case .u8: kDLUInt
      case .bool: kDLBool
      }
    return DLDataType(code: UInt8(code), bits: UInt8(byteSize * 8), lanes: 1)
  }
}
