import TensorCore

/// Tensors, and instructions that make others of them.
struct TensorProgram {
  private var tensors: [Tensor] = []
  private let account = MemoryAccount(limit: 1 << 16)
  private let context: ComputeContext

  init() {
    guard let context = try? ComputeContext(memory: account, seed: 1) else {
      preconditionFailure("a context needs no input")
    }
    self.context = context
  }

  mutating func step(_ source: inout ByteSource) throws {
    let instruction = source.choice(20)
    if tensors.isEmpty || instruction == 0 {
      keep(try made(&source))
      return
    }
    let x = tensors[source.choice(tensors.count)]
    let z = tensors[source.choice(tensors.count)]
    switch instruction {
    case 1: keep(try x.transposed(source.byte() < 128 ? nil : source.lengths(atMost: 8)))
    case 2: keep(try x.sliced(ranges(&source)))
    case 3: keep(try x.reshaped(source.lengths(atMost: 8), account: account))
    case 4: keep(try x.broadcast(to: Shape(source.lengths(atMost: 8))))
    case 5: keep(try checkedCopy(x, account))
    case 6: keep(try checkedSum(x, z, context))
    case 7: keep(try select(cast(x, to: .bool, context: context), x, z, context: context))
    case 8:
      let op = Array(ReductionOp.allCases)[source.choice(ReductionOp.allCases.count)]
      let axes = ReductionAxes(source.byte() < 50 ? nil : source.lengths(atMost: 8))
      keep(try reduce(op, x, over: axes, context: context))
    case 9: keep(try concat([x, z, x], axis: source.length(), context: context))
    case 10:
      for part in try split(
        x, lengths: source.lengths(atMost: 4), axis: source.length(), context: context)
      { keep(part) }
    case 11: keep(try stack([x, z], axis: source.length(), context: context))
    case 12:
      keep(
        try pad(
          x, before: source.lengths(atMost: 8), after: source.lengths(atMost: 8), value: 3,
          context: context))
    case 13: keep(try flip(x, axes: source.lengths(atMost: 8), context: context))
    case 14:
      // Broadcast views can be long without taking memory; a product would take hours.
      guard x.shape.elementCount < 1 << 20, z.shape.elementCount < 1 << 20 else { return }
      keep(try matmul(x, z, transposeA: source.byte() < 128, context: context))
    case 15:
      keep(
        try gather(x, cast(z, to: .i64, context: context), axis: source.length(), context: context))
    case 16: keep(try embedding(x, cast(z, to: .i32, context: context), context: context))
    case 17: keep(try topK(x, k: source.length(), axis: source.length(), context: context).values)
    case 18: keep(try softmax(x, axis: source.length(), context: context))
    default: keep(try position(.argmax, x, axis: source.length(), context: context))
    }
  }

  private mutating func keep(_ tensor: Tensor) {
    // What is kept costs memory until the end of the input.
    if tensors.count < 24 { tensors.append(tensor) } else { tensors[tensors.count - 1] = tensor }
  }

  /// A tensor over memory of a few bytes, with any shape, strides, offset and type.
  private func made(_ source: inout ByteSource) throws -> Tensor {
    let dtype = DType.allCases[source.choice(DType.allCases.count)]
    let storage = try Storage(byteCount: Int(source.byte()) * 4, account: account)
    try fill(storage)
    let shape = try Shape(source.lengths(atMost: 9))
    let strides = source.byte() < 100 ? nil : try Strides(source.lengths(atMost: 9))
    return try Tensor(
      storage: storage, dtype: dtype, shape: shape, strides: strides,
      byteOffset: source.byte() < 200 ? 0 : source.length())
  }

  private func fill(_ storage: Storage) throws {
    let bytes = try Tensor(storage: storage, dtype: .u8, shape: Shape([storage.byteCount]))
    try bytes.withMutableElements(of: UInt8.self) { buffer in
      for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 37) }
    }
  }

  private func ranges(_ source: inout ByteSource) -> [SliceRange] {
    (0..<source.choice(9)).map { _ in
      SliceRange(
        begin: source.length(), end: source.byte() < 80 ? nil : source.length(),
        step: source.length())
    }
  }
}
