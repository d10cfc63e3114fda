import Glibc
import TensorKernels

extension Tensor {
  /// A tensor with undefined contents, for an operation that writes every element.
  static func uninitialized(
    _ spec: TensorSpec, account: MemoryAccount
  ) throws(TensorError) -> Tensor {
    let (byteCount, overflow) = spec.shape.elementCount.multipliedReportingOverflow(
      by: spec.dtype.byteSize)
    guard !overflow else {
      throw TensorError(
        .invalidShape, op: "allocate", shapes: [spec.shape],
        rule: "the byte count of \(spec) overflows 64 bits")
    }
    return Tensor(dense: try Storage(byteCount: byteCount, account: account), spec)
  }

  /// A tensor of zeros.
  ///
  /// - Parameters:
  ///   - dimensions: lengths of the axes, outermost first.
  ///   - dtype: the element type.
  ///   - account: where the bytes are counted.
  public static func zeros(
    _ dimensions: [Int], dtype: DType = .f32, account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    try zeros(TensorSpec(dtype, Shape(dimensions, op: "zeros")), account: account)
  }

  /// A tensor of zeros.
  ///
  /// - Parameters:
  ///   - spec: element type and shape.
  ///   - account: where the bytes are counted.
  public static func zeros(
    _ spec: TensorSpec, account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    let tensor = try uninitialized(spec, account: account)
    // The library's memset, not initializeMemory: that one writes byte by byte in a debug build.
    memset(tensor.storage.address, 0, tensor.byteCount)
    return tensor
  }

  /// A tensor with the same number everywhere.
  ///
  /// - Parameters:
  ///   - value: the number; its Swift type decides the dtype.
  ///   - dimensions: lengths of the axes, outermost first.
  ///   - account: where the bytes are counted.
  public static func full<E: TensorElement>(
    _ value: E, _ dimensions: [Int], account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    let shape = try Shape(dimensions, op: "full")
    let tensor = try uninitialized(TensorSpec(E.dtype, shape), account: account)
    tensor.storage.address.initializeMemory(as: E.self, repeating: value, count: shape.elementCount)
    return tensor
  }

  /// A tensor with the given elements.
  ///
  ///     let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
  ///
  /// - Parameters:
  ///   - elements: in row-major order; the Swift type decides the dtype.
  ///   - dimensions: lengths of the axes; nil makes a vector.
  ///   - account: where the bytes are counted.
  /// - Throws: `TensorError.Code.shapeMismatch` when the count is not the shape's.
  public convenience init<E: TensorElement>(
    _ elements: [E], _ dimensions: [Int]? = nil, account: MemoryAccount = .shared
  ) throws(TensorError) {
    let shape = try Shape(dimensions ?? [elements.count], op: "tensor")
    guard shape.elementCount == elements.count else {
      throw TensorError(
        .shapeMismatch, op: "tensor", shapes: [shape],
        rule: "takes \(shape.elementCount) elements, got \(elements.count)")
    }
    let byteCount = elements.count * MemoryLayout<E>.stride
    let storage = try Storage(byteCount: byteCount, account: account)
    elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress {
        storage.address.copyMemory(from: base, byteCount: byteCount)
      }
    }
    try self.init(storage: storage, dtype: E.dtype, shape: shape)
  }

  /// A tensor of a single number, without axes.
  ///
  /// - Parameters:
  ///   - value: the number; its Swift type decides the dtype.
  ///   - account: where the bytes are counted.
  public static func scalar<E: TensorElement>(
    _ value: E, account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    try full(value, [], account: account)
  }

  /// A tensor with a copy of raw bytes.
  ///
  /// - Parameters:
  ///   - bytes: dense row-major elements in the machine's byte order; any alignment.
  ///   - spec: element type and shape.
  ///   - account: where the bytes are counted.
  /// - Throws: `TensorError.Code.shapeMismatch` when the byte count is not the spec's.
  public static func copying(
    _ bytes: UnsafeRawBufferPointer, as spec: TensorSpec, account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    let tensor = try uninitialized(spec, account: account)
    guard bytes.count == tensor.byteCount else {
      throw TensorError(
        .shapeMismatch, op: "copy", shapes: [spec.shape],
        rule: "\(spec) takes \(tensor.byteCount) bytes, got \(bytes.count)")
    }
    if let base = bytes.baseAddress {
      tensor.storage.address.copyMemory(from: base, byteCount: bytes.count)
    }
    return tensor
  }

  /// Uniform random numbers.
  ///
  /// - Parameters:
  ///   - dimensions: lengths of the axes, outermost first.
  ///   - range: from the lower bound up to, not including, the upper one; finite.
  ///   - context: whose generator is moved on.
  /// - Returns: an `f32` tensor that depends on seed and counter alone.
  public static func uniform(
    _ dimensions: [Int], in range: Range<Float> = 0..<1, context: ComputeContext
  ) throws(TensorError) -> Tensor {
    guard (range.upperBound - range.lowerBound).isFinite else {
      throw TensorError(.invalidValue, op: "uniform", rule: "the range must be finite: \(range)")
    }
    let shape = try Shape(dimensions, op: "uniform")
    let tensor = try uninitialized(TensorSpec(.f32, shape), account: context.memory)
    let first = context.generator.takeBlocks(floatCount: shape.elementCount)
    tk_uniform_f32(
      shape.elementCount, context.generator.key, first, range.lowerBound, range.upperBound,
      tensor.floats)
    return tensor
  }

  /// Normally distributed random numbers, by Box and Muller.
  ///
  /// - Parameters:
  ///   - dimensions: lengths of the axes, outermost first.
  ///   - deviation: the standard deviation; the mean is 0.
  ///   - context: whose generator is moved on.
  /// - Returns: an `f32` tensor that depends on seed and counter alone.
  public static func normal(
    _ dimensions: [Int], deviation: Float = 1, context: ComputeContext
  ) throws(TensorError) -> Tensor {
    let shape = try Shape(dimensions, op: "normal")
    let tensor = try uninitialized(TensorSpec(.f32, shape), account: context.memory)
    let first = context.generator.takeBlocks(floatCount: shape.elementCount)
    tk_normal_f32(
      shape.elementCount, context.generator.key, first, deviation, tensor.floats)
    return tensor
  }
}
