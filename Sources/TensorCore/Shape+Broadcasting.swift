extension Shape {
  /// The shape to which two shapes broadcast, by NumPy's rule: axes are matched from the innermost
  /// on, and of two lengths one is 1 or both agree.
  ///
  /// - Parameters:
  ///   - other: the other operand's shape.
  ///   - op: the operation to name in an error.
  /// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
  public func broadcast(with other: Shape, op: String) throws(TensorError) -> Shape {
    if self == other { return self }
    let count = Swift.max(rank, other.rank)
    var lengths = [Int](repeating: 1, count: count)
    for back in 1...Swift.max(count, 1) where back <= count {
      let (a, b) = (lengthFromEnd(back), other.lengthFromEnd(back))
      guard a == b || a == 1 || b == 1 else {
        throw TensorError(
          .shapeMismatch, op: op, shapes: [self, other],
          rule: "lengths must agree or be 1, counted from the innermost axis (\(a) and \(b))")
      }
      lengths[count - back] = a == 1 ? b : a
    }
    return try Shape(lengths, op: op)
  }

  /// The length of an axis counted from 1 at the innermost; 1 beyond the outermost.
  private func lengthFromEnd(_ back: Int) -> Int { back <= rank ? self[rank - back] : 1 }
}

extension Tensor {
  /// The same elements, repeated along axes of length 1 and new outer axes: a view with steps of 0.
  ///
  /// - Parameters:
  ///   - target: a shape to which this one broadcasts.
  ///   - op: the operation to name in an error.
  /// - Throws: `TensorError.Code.shapeMismatch` when it does not.
  public func broadcast(
    to target: Shape, op: String = "broadcast"
  ) throws(TensorError) -> Tensor {
    if shape == target { return self }
    let added = target.rank - shape.rank
    var steps = InlineArray<8, Int>(repeating: 0)
    for axis in 0..<shape.rank {
      guard added >= 0, shape[axis] == 1 || shape[axis] == target[axis + added] else {
        throw TensorError(
          .shapeMismatch, op: op, shapes: [shape, target],
          rule: "the first does not broadcast to the second: lengths must agree or be 1, "
            + "counted from the innermost axis")
      }
      steps[axis + added] = shape[axis] == 1 ? 0 : strides[axis]
    }
    guard added >= 0 else {
      throw TensorError(
        .shapeMismatch, op: op, shapes: [shape, target], rule: "the first has more axes")
    }
    return try Tensor(
      storage: storage, dtype: dtype, shape: target,
      strides: Strides(rank: target.rank, steps: steps), byteOffset: byteOffset)
  }
}
