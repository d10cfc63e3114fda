import TensorKernels

extension ShapeInference {
  /// The rule of `reshape`: another shape with the same element count.
  ///
  /// - Parameters:
  ///   - x: any element type.
  ///   - lengths: one may be -1 and is worked out.
  public static func reshape(_ x: TensorSpec, _ lengths: [Int]) throws(TensorError) -> TensorSpec {
    var lengths = lengths
    if let open = lengths.firstIndex(of: -1) {
      lengths[open] = 1
      let known = try Shape(lengths, op: "reshape").elementCount
      guard known > 0, x.shape.elementCount % known == 0 else {
        throw TensorError(
          .shapeMismatch, op: "reshape", shapes: [x.shape],
          rule: "no length at axis \(open) of \(lengths) gives \(x.shape.elementCount) elements")
      }
      lengths[open] = x.shape.elementCount / known
    }
    let target = try Shape(lengths, op: "reshape")
    guard target.elementCount == x.shape.elementCount else {
      throw TensorError(
        .shapeMismatch, op: "reshape", shapes: [x.shape, target],
        rule: "element counts must agree (\(x.shape.elementCount) and \(target.elementCount))")
    }
    return TensorSpec(x.dtype, target)
  }

  /// The rule of `transpose`: the lengths in the new order of the axes.
  ///
  /// - Parameters:
  ///   - x: any element type.
  ///   - axes: for each axis of the result, which axis it was; nil turns the order round.
  public static func transpose(_ x: TensorSpec, axes: [Int]?) throws(TensorError) -> TensorSpec {
    let order = try x.shape.order(axes, op: "transpose")
    return TensorSpec(x.dtype, try Shape(order.map { x.shape[$0] }, op: "transpose"))
  }

  /// The rule of `flip`: the shape of the operand.
  ///
  /// - Parameters:
  ///   - x: any element type.
  ///   - axes: each at most once; nil for all.
  public static func flip(_ x: TensorSpec, axes: [Int]?) throws(TensorError) -> TensorSpec {
    _ = try x.shape.flags(axes, op: "flip")
    return x
  }
}

/// Axes in another order, as a dense copy; `Tensor.transposed(_:)` is the view.
///
/// - Parameters:
///   - x: any element type.
///   - axes: for each axis of the result, which axis it was; nil turns the order round.
///   - context: memory.
public func transpose(
  _ x: Tensor, axes: [Int]? = nil, context: ComputeContext
) throws(TensorError) -> Tensor {
  try x.transposed(axes).copied(account: context.memory)
}

/// Turns axes round.
///
/// - Parameters:
///   - x: any element type.
///   - axes: each at most once; below 0 counts from the end; nil for all.
///   - context: memory.
public func flip(
  _ x: Tensor, axes: [Int]? = nil, context: ComputeContext
) throws(TensorError) -> Tensor {
  try x.copied(account: context.memory, flipping: x.shape.flags(axes, op: "flip"))
}

extension Tensor {
  /// Writes elements into a strided view of memory that nobody else knows yet.
  ///
  /// - Parameter x: dense, of the view's shape.
  func overwrite(with x: Tensor) {
    guard shape.elementCount > 0 else { return }
    let width = dtype.byteSize
    // Runs along the innermost axis are copied whole where they are dense.
    let columns = shape.columns
    let isDense = shape.rank == 0 || columns == 1 || strides[shape.rank - 1] == 1
    let run = isDense ? columns : 1
    let axes = isDense ? max(shape.rank - 1, 0) : shape.rank
    var position = InlineArray<8, Int>(repeating: 0)
    var (offset, source) = (0, 0)
    withExtendedLifetime(x) {
      for _ in 0..<shape.elementCount / run {
        (start + offset * width).copyMemory(from: x.start + source * width, byteCount: run * width)
        source += run
        for axis in stride(from: axes - 1, through: 0, by: -1) {
          position[axis] += 1
          offset += strides[axis]
          if position[axis] < shape[axis] { break }
          offset -= strides[axis] * shape[axis]
          position[axis] = 0
        }
      }
    }
  }

  /// A tensor with one element everywhere.
  ///
  /// - Parameter element: a scalar of the element type.
  static func filled(
    _ spec: TensorSpec, with element: Tensor, account: MemoryAccount
  ) throws(TensorError) -> Tensor {
    let tensor = try uninitialized(spec, account: account)
    withExtendedLifetime(element) {
      tk_fill(spec.shape.elementCount, spec.dtype.byteSize, element.start, tensor.start)
    }
    return tensor
  }
}
