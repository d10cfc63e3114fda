import TensorCore

/// Copies a view, and compares every element with a walk by shape and strides.
func checkedCopy(_ x: Tensor, _ account: MemoryAccount) throws -> Tensor {
  let copy = try x.contiguous(account: account)
  precondition(copy.spec == x.spec && copy.isContiguous, "\(x) became \(copy)")
  let width = x.dtype.byteSize
  let whole = try Tensor(
    storage: x.storage, dtype: .u8, shape: Shape([x.storage.byteCount]))
  try whole.withUnsafeBytes { memory in
    try copy.withUnsafeBytes { bytes in
      for element in 0..<x.shape.elementCount {
        let place = x.byteOffset + offset(of: element, in: x) * width
        precondition(
          memory[place..<place + width].elementsEqual(
            bytes[element * width..<(element + 1) * width]),
          "element \(element) of \(x) with strides \(x.strides)")
      }
    }
  }
  return copy
}

/// Adds two tensors, and compares every element with a walk over the broadcast views.
func checkedSum(_ a: Tensor, _ b: Tensor, _ context: ComputeContext) throws -> Tensor {
  let sum = try elementwise(.add, a, b, context: context)
  guard a.dtype == .i32 else { return sum }
  let (wideA, wideB) = (try a.broadcast(to: sum.shape), try b.broadcast(to: sum.shape))
  let left = try wideA.elements(as: Int32.self)
  let right = try wideB.elements(as: Int32.self)
  let results = try sum.elements(as: Int32.self)
  for index in results.indices {
    precondition(results[index] == left[index] &+ right[index], "\(a) + \(b) at \(index)")
  }
  return sum
}

/// The step, in elements, to the element with the given row-major number.
private func offset(of element: Int, in x: Tensor) -> Int {
  var (left, offset) = (element, 0)
  for axis in stride(from: x.shape.rank - 1, through: 0, by: -1) {
    offset += left % x.shape[axis] * x.strides[axis]
    left /= x.shape[axis]
  }
  return offset
}
