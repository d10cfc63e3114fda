import Synchronization

/// A view of numbers in memory: element type, shape and strides over a shared `Storage`.
///
/// A tensor is an object with an identity: a tape knows its variables by `id`. Reshapes and slices
/// are new tensors over the same memory. Views are not recorded on a tape: use operations there.
public final class Tensor: Sendable {
  /// The memory, shared with other views.
  public let storage: Storage
  /// Where the first element stands in the storage, in bytes.
  public let byteOffset: Int
  /// The element type.
  public let dtype: DType
  /// The lengths of the axes.
  public let shape: Shape
  /// Whether the elements lie densely in row-major order.
  public let isContiguous: Bool
  /// Nil where the shape says it all, which keeps the object small and quick to make.
  private let ownStrides: StridesBox?

  private static let nextID = Atomic<UInt64>(1)
  /// 0 until somebody asks.
  private let identity = Atomic<UInt64>(0)

  /// Views memory as a tensor.
  ///
  /// - Parameters:
  ///   - storage: the memory.
  ///   - dtype: the element type.
  ///   - shape: the lengths of the axes.
  ///   - strides: steps in elements, none negative; nil for dense row-major.
  ///   - byteOffset: where the first element stands; a multiple of the element size from an
  ///     aligned address.
  /// - Throws: `TensorError.Code.invalidMemory` when an element would lie outside the storage or
  ///   be misaligned; `.invalidShape` when strides and shape differ in rank.
  public init(
    storage: Storage, dtype: DType, shape: Shape, strides: Strides? = nil, byteOffset: Int = 0
  ) throws(TensorError) {
    let strides = strides ?? shape.contiguousStrides
    guard strides.rank == shape.rank else {
      throw TensorError(
        .invalidShape, op: "tensor", shapes: [shape],
        rule: "strides \(strides) must have one step an axis")
    }
    try Tensor.checkBounds(storage, dtype, shape, strides, byteOffset)
    let address = UInt(bitPattern: storage.address) &+ UInt(bitPattern: byteOffset)
    guard shape.elementCount == 0 || address % UInt(dtype.byteSize) == 0 else {
      throw TensorError(
        .invalidMemory, op: "tensor", shapes: [shape],
        rule: "\(dtype) elements must start at a multiple of \(dtype.byteSize) bytes; "
          + "copy the memory to an aligned block first")
    }
    self.storage = storage
    self.byteOffset = byteOffset
    self.dtype = dtype
    self.shape = shape
    self.isContiguous = Tensor.isDense(shape, strides)
    self.ownStrides = strides == shape.contiguousStrides ? nil : StridesBox(strides)
  }

  /// Takes new memory of exactly this size: nothing is left to check.
  init(dense storage: Storage, _ spec: TensorSpec) {
    self.storage = storage
    self.byteOffset = 0
    self.dtype = spec.dtype
    self.shape = spec.shape
    self.isContiguous = true
    self.ownStrides = nil
  }

  /// The step along each axis, in elements.
  public var strides: Strides { ownStrides?.strides ?? shape.contiguousStrides }

  /// Unique in the process and never reused: the identity by which a tape knows the tensor.
  ///
  /// Given at the first question, since most tensors are never asked.
  public var id: UInt64 {
    let known = identity.load(ordering: .relaxed)
    if known != 0 { return known }
    let fresh = Tensor.nextID.add(1, ordering: .relaxed).oldValue
    let (isFirst, before) = identity.compareExchange(
      expected: 0, desired: fresh, ordering: .relaxed)
    return isFirst ? fresh : before
  }

  /// Element type and shape.
  public var spec: TensorSpec { TensorSpec(dtype, shape) }

  /// The number of bytes that the elements take when dense.
  public var byteCount: Int { shape.elementCount * dtype.byteSize }

  private static func isDense(_ shape: Shape, _ strides: Strides) -> Bool {
    if shape.elementCount <= 1 { return true }
    var step = 1
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
      // The stride of an axis of length one is never used, so any value will do.
      if shape[axis] != 1 && strides[axis] != step { return false }
      step *= shape[axis]
    }
    return true
  }

  private static func checkBounds(
    _ storage: Storage, _ dtype: DType, _ shape: Shape, _ strides: Strides, _ byteOffset: Int
  ) throws(TensorError) {
    func fail(_ why: String) -> TensorError {
      TensorError(.invalidMemory, op: "tensor", shapes: [shape], rule: why)
    }
    guard byteOffset >= 0, byteOffset <= storage.byteCount else {
      throw fail("byte offset \(byteOffset) lies outside a storage of \(storage.byteCount) bytes")
    }
    guard shape.elementCount > 0 else { return }
    var lastElement = 0
    for axis in 0..<shape.rank {
      guard strides[axis] >= 0 else { throw fail("strides \(strides) must not be negative") }
      let (reach, overflow) = strides[axis].multipliedReportingOverflow(by: shape[axis] - 1)
      let (sum, overflowToo) = lastElement.addingReportingOverflow(reach)
      guard !overflow, !overflowToo else { throw fail("strides \(strides) overflow 64 bits") }
      lastElement = sum
    }
    let available = (storage.byteCount - byteOffset) / dtype.byteSize
    guard lastElement < available else {
      throw fail(
        "needs \(lastElement) elements past the first; the storage holds \(available) "
          + "of \(dtype) from byte \(byteOffset) on")
    }
  }
}

extension Tensor: CustomStringConvertible {
  /// Element type and shape, such as `f32[2, 3]`; never the contents.
  public var description: String { spec.description }
}

private final class StridesBox: Sendable {
  let strides: Strides

  init(_ strides: Strides) { self.strides = strides }
}
