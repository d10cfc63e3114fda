import TensorKernels

extension Tensor {
  /// The same elements in another shape, without a copy where they are dense.
  ///
  /// - Parameters:
  ///   - dimensions: with the same element count; one length may be -1 and is worked out.
  ///   - account: where a copy is counted.
  /// - Throws: `TensorError.Code.shapeMismatch` when the element counts differ.
  public func reshaped(
    _ dimensions: [Int], account: MemoryAccount = .shared
  ) throws(TensorError) -> Tensor {
    let target = try ShapeInference.reshape(spec, dimensions).shape
    let dense = try contiguous(account: account)
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
    return try sliced([SliceRange(range)])
  }

  /// Axes in another order, without a copy.
  ///
  /// - Parameter axes: for each axis of the result, which axis it was; nil turns the order round,
  ///   which swaps the axes of a matrix.
  /// - Throws: `TensorError.Code.invalidValue` unless each axis is named once.
  public func transposed(_ axes: [Int]? = nil) throws(TensorError) -> Tensor {
    let order = try shape.order(axes, op: "transpose")
    var lengths: [Int] = []
    var steps = InlineArray<8, Int>(repeating: 0)
    for (to, from) in order.enumerated() {
      lengths.append(shape[from])
      steps[to] = strides[from]
    }
    return try Tensor(
      storage: storage, dtype: dtype, shape: Shape(lengths, op: "transpose"),
      strides: Strides(rank: order.count, steps: steps), byteOffset: byteOffset)
  }

  /// Some positions of each axis, without a copy.
  ///
  /// - Parameter ranges: one an axis, outermost first; axes beyond them are taken whole.
  /// - Throws: `TensorError.Code.invalidValue` as `SliceRange` states.
  public func sliced(_ ranges: [SliceRange]) throws(TensorError) -> Tensor {
    let result = try ShapeInference.slice(spec, ranges).shape
    var steps = InlineArray<8, Int>(repeating: 0)
    var offset = 0
    for axis in 0..<shape.rank {
      steps[axis] = strides[axis]
      guard axis < ranges.count else { continue }
      let range = try ranges[axis].resolved(length: shape[axis], axis: axis, in: shape)
      // Wrapping: steps of a tensor without elements may be anything, and are never used.
      offset &+= range.begin &* strides[axis]
      steps[axis] = range.count > 1 ? strides[axis] &* range.step : strides[axis]
    }
    // An empty slice may stand at the end, where a step would leave the storage.
    return try Tensor(
      storage: storage, dtype: dtype, shape: result,
      strides: Strides(rank: shape.rank, steps: steps),
      byteOffset: byteOffset + (result.elementCount == 0 ? 0 : offset * dtype.byteSize))
  }

  /// The tensor itself where its elements are dense, else a dense copy.
  ///
  /// - Parameter account: where a copy is counted.
  /// - Complexity: O(1) without a copy, else O(elements).
  public func contiguous(account: MemoryAccount = .shared) throws(TensorError) -> Tensor {
    isContiguous ? self : try copied(account: account)
  }

  /// A dense copy in memory of its own.
  ///
  /// - Parameter account: where it is counted.
  public func copied(account: MemoryAccount = .shared) throws(TensorError) -> Tensor {
    try copied(account: account, flipping: InlineArray(repeating: false))
  }

  /// A dense copy in memory of its own.
  ///
  /// - Parameter flags: axes along which the copy runs backwards.
  func copied(
    account: MemoryAccount, flipping flags: InlineArray<8, Bool>
  ) throws(TensorError) -> Tensor {
    let copy = try Tensor.uninitialized(spec, account: account)
    guard shape.elementCount > 0 else { return copy }
    var lengths = InlineArray<8, Int64>(repeating: 1)
    var steps = InlineArray<8, Int64>(repeating: 0)
    var first = 0
    for axis in 0..<shape.rank {
      lengths[axis] = Int64(shape[axis])
      steps[axis] = Int64(flags[axis] ? -strides[axis] : strides[axis])
      if flags[axis] { first += (shape[axis] - 1) * strides[axis] }
    }
    lengths.span.withUnsafeBufferPointer { lengths in
      steps.span.withUnsafeBufferPointer { steps in
        guard let lengths = lengths.baseAddress, let steps = steps.baseAddress else { return }
        tk_copy_strided(
          shape.rank, lengths, steps, dtype.byteSize, start + first * dtype.byteSize, copy.start)
      }
    }
    return withExtendedLifetime(self) { copy }
  }
}

extension Shape {
  /// A permutation of the axes; nil for all in reverse.
  func order(_ axes: [Int]?, op: String) throws(TensorError) -> [Int] {
    guard let axes else { return (0..<rank).reversed() }
    var order: [Int] = []
    for axis in axes { order.append(try self.axis(axis, op: op)) }
    guard order.sorted() == Array(0..<rank) else {
      throw TensorError(
        .invalidValue, op: op, shapes: [self],
        rule: "\(axes) must name each of the \(rank) axes once")
    }
    return order
  }
}
