extension Tensor {
  /// The same elements in another shape, without a copy where they are dense.
  ///
  /// - Parameter dimensions: with the same element count; one length may be -1 and is worked out.
  /// - Throws: `TensorError.Code.shapeMismatch` when the element counts differ.
  public func reshaped(_ dimensions: [Int]) throws(TensorError) -> Tensor {
    var dimensions = dimensions
    if let open = dimensions.firstIndex(of: -1) {
      dimensions[open] = 1
      let known = try Shape(dimensions, op: "reshape").elementCount
      guard known > 0, shape.elementCount % known == 0 else {
        throw TensorError(
          .shapeMismatch, op: "reshape", shapes: [shape],
          rule: "no length at axis \(open) of \(dimensions) gives \(shape.elementCount) elements")
      }
      dimensions[open] = shape.elementCount / known
    }
    let target = try Shape(dimensions, op: "reshape")
    guard target.elementCount == shape.elementCount else {
      throw TensorError(
        .shapeMismatch, op: "reshape", shapes: [shape, target],
        rule: "element counts must agree (\(shape.elementCount) and \(target.elementCount))")
    }
    let dense = try contiguous()
    return try Tensor(
      storage: dense.storage, dtype: dtype, shape: target, byteOffset: dense.byteOffset)
  }

  /// Some positions of the outermost axis, without a copy.
  ///
  /// - Parameter range: within 0..<length of the outermost axis.
  /// - Throws: `TensorError.Code.invalidValue` for a range outside the axis, or for a scalar.
  public func rows(_ range: Range<Int>) throws(TensorError) -> Tensor {
    guard shape.rank > 0, range.lowerBound >= 0, range.upperBound <= shape[0] else {
      throw TensorError(
        .invalidValue, op: "rows", shapes: [shape],
        rule: "\(range) lies outside the outermost axis")
    }
    var dimensions = shape.dimensions
    dimensions[0] = range.count
    // An empty slice may stand at the end, where a step would leave the storage.
    let step = range.isEmpty ? 0 : range.lowerBound * strides[0] * dtype.byteSize
    return try Tensor(
      storage: storage, dtype: dtype, shape: Shape(dimensions, op: "rows"), strides: strides,
      byteOffset: byteOffset + step)
  }

  /// A matrix with its axes swapped, without a copy.
  ///
  /// - Throws: `TensorError.Code.shapeMismatch` unless there are two axes.
  public func transposed() throws(TensorError) -> Tensor {
    guard shape.rank == 2 else {
      throw TensorError(
        .shapeMismatch, op: "transpose", shapes: [shape], rule: "takes a matrix [rows, columns]")
    }
    return try Tensor(
      storage: storage, dtype: dtype, shape: Shape([shape[1], shape[0]], op: "transpose"),
      strides: Strides([strides[1], strides[0]]), byteOffset: byteOffset)
  }

  /// The tensor itself where its elements are dense, else a dense copy.
  ///
  /// - Parameter account: where a copy is counted.
  /// - Complexity: O(1) without a copy, else O(elements).
  public func contiguous(account: MemoryAccount = .shared) throws(TensorError) -> Tensor {
    if isContiguous { return self }
    let copy = try Tensor.uninitialized(spec, account: account)
    let width = dtype.byteSize
    var position = [Int](repeating: 0, count: shape.rank)
    var source = start
    for element in 0..<shape.elementCount {
      (copy.start + element * width).copyMemory(from: source, byteCount: width)
      // Counts up like an odometer; each carry takes back what its axis had stepped.
      for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
        position[axis] += 1
        source += strides[axis] * width
        if position[axis] < shape[axis] { break }
        source -= strides[axis] * width * shape[axis]
        position[axis] = 0
      }
    }
    return copy
  }
}
