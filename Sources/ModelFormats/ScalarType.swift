/// The types of elements that a safetensors file may hold, with the names that the format uses.
///
/// The order is the reference implementation's: its writer sorts tensors by it, widest first, so
/// that each tensor is aligned to its own element.
public enum ScalarType: String, Hashable, Codable, Sendable, CaseIterable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Unsigned, 8 bits.
  case u8 = "U8"
  /// Signed, 8 bits.
  case i8 = "I8"
  /// Float of 5 bits exponent and 2 bits mantissa.
  case f8E5M2 = "F8_E5M2"
  /// Float of 4 bits exponent and 3 bits mantissa.
  case f8E4M3 = "F8_E4M3"
  /// Power of two, 8 bits of exponent.
  case f8E8M0 = "F8_E8M0"
  /// Signed, 16 bits.
  case i16 = "I16"
  /// Unsigned, 16 bits.
  case u16 = "U16"
  /// IEEE half precision.
  case f16 = "F16"
  /// The upper half of an IEEE single.
  case bf16 = "BF16"
  /// Signed, 32 bits.
  case i32 = "I32"
  /// Unsigned, 32 bits.
  case u32 = "U32"
  /// IEEE single precision.
  case f32 = "F32"
  /// Two IEEE singles: real and imaginary part.
  case c64 = "C64"
  /// IEEE double precision.
  case f64 = "F64"
  /// Signed, 64 bits.
  case i64 = "I64"
  /// Unsigned, 64 bits.
  case u64 = "U64"

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8, .f8E5M2, .f8E4M3, .f8E8M0: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .c64, .f64, .i64, .u64: 8
    }
  }
}
