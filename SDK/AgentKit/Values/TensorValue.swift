/// A type that tensors hold and Swift computes with.
public protocol TensorElement: BitwiseCopyable, Sendable, Hashable {
  /// The same type in a port's words.
  static var elementType: ElementType { get }
}

extension Float: TensorElement {
  /// `f32`.
  public static var elementType: ElementType { .f32 }
}
extension Double: TensorElement {
  /// `f64`.
  public static var elementType: ElementType { .f64 }
}
extension Int64: TensorElement {
  /// `i64`.
  public static var elementType: ElementType { .i64 }
}
extension Int32: TensorElement {
  /// `i32`.
  public static var elementType: ElementType { .i32 }
}
extension Int8: TensorElement {
  /// `i8`.
  public static var elementType: ElementType { .i8 }
}
extension UInt8: TensorElement {
  /// `u8`.
  public static var elementType: ElementType { .u8 }
}

/// A dense array as a value: a shape and row-major elements.
public struct TensorValue: Sendable, Hashable {
  /// The elements by their type; `bool`, `bf16` and `f16` are not read as values.
  public enum Elements: Sendable, Hashable {
    /// Single precision.
    case f32([Float])
    /// Double precision.
    case f64([Double])
    /// Whole numbers of 64 bits.
    case i64([Int64])
    /// Whole numbers of 32 bits.
    case i32([Int32])
    /// Signed bytes.
    case i8([Int8])
    /// Unsigned bytes.
    case u8([UInt8])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .f32(let values): values.count
      case .f64(let values): values.count
      case .i64(let values): values.count
      case .i32(let values): values.count
      case .i8(let values): values.count
      case .u8(let values): values.count
      }
    }
  }

  /// The lengths of the axes, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The elements, row-major.
  public let elements: Elements

  /// Makes a tensor value.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` when the shape does not hold that many elements.
  public init(shape: [Int], elements: Elements) throws(AgentFailure) {
    let count = try Self.elementCount(of: shape)
    guard count == elements.count else {
      throw AgentFailure(
        .invalidArgument, "a tensor \(shape) has \(count) elements, not \(elements.count)")
    }
    self.shape = shape
    self.elements = elements
  }

  /// Makes a single-precision tensor value.
  public init(shape: [Int], _ values: [Float]) throws(AgentFailure) {
    try self.init(shape: shape, elements: .f32(values))
  }

  /// The type of the elements.
  public var type: ElementType {
    switch elements {
    case .f32: .f32
    case .f64: .f64
    case .i64: .i64
    case .i32: .i32
    case .i8: .i8
    case .u8: .u8
    }
  }

  /// The elements as single-precision numbers.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` when they are whole numbers.
  public func floats() throws(AgentFailure) -> [Float] {
    switch elements {
    case .f32(let values): return values
    case .f64(let values): return values.map(Float.init)
    default: throw AgentFailure(.invalidArgument, "the tensor holds \(type), not f32")
    }
  }

  /// The elements as whole numbers.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` when they have fractions.
  public func integers() throws(AgentFailure) -> [Int] {
    switch elements {
    case .i64(let values): return values.map(Int.init)
    case .i32(let values): return values.map(Int.init)
    case .i8(let values): return values.map(Int.init)
    case .u8(let values): return values.map(Int.init)
    default: throw AgentFailure(.invalidArgument, "the tensor holds \(type), not whole numbers")
    }
  }

  /// The number of elements of a shape, or a failure where it is negative or overflows.
  static func elementCount(of shape: [Int]) throws(AgentFailure) -> Int {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else {
        throw AgentFailure(.invalidArgument, "no tensor has the shape \(shape)")
      }
      count = product
    }
    return count
  }
}
