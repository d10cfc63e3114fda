import TensorCore

extension OpDefinition {
  /// `matmul/1`: `[..., M, K] · [..., K, N] → [..., M, N]`.
  static let matmul = OpDefinition(
    name: "matmul", version: 1, inputCount: 2...2,
    defaultAttributes: .matmul(transposeA: false, transposeB: false),
    summary: "[..., M, K] · [..., K, N] → [..., M, N], leading axes broadcast; transpose_a and "
      + "transpose_b say how operands are stored",
    infer: { inputs, attributes in
      let (tA, tB) = attributes.matmulFlags
      return [try ShapeInference.matmul(inputs[0], inputs[1], transposeA: tA, transposeB: tB)]
    },
    forward: { call in
      let (tA, tB) = call.attributes.matmulFlags
      let (a, b) = (call.inputs[0], call.inputs[1])
      let y = try TensorCore.matmul(a, b, transposeA: tA, transposeB: tB, context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      // Each gradient is made from the other operand.
      return OpResult(y, saved: [call.needs(1) ? a : nil, call.needs(0) ? b : nil])
    },
    vjp: { pullback in
      var gradients = pullback.none
      guard let dy = pullback.outputGradients[0] else { return gradients }
      if pullback.needs(0), let b = pullback.saved[1] {
        gradients[0] = try pullback.firstGradient(b, dy)
      }
      if pullback.needs(1), let a = pullback.saved[0] {
        gradients[1] = try pullback.secondGradient(a, dy)
      }
      return gradients
    })
}

extension OpPullback {
  /// `y = A·B` gives `dA = dy·Bᵀ`; where A is stored transposed, so is dA: `B·dyᵀ`.
  fileprivate func firstGradient(_ b: Tensor, _ dy: Tensor) throws -> Tensor {
    let (tA, tB) = attributes.matmulFlags
    let product =
      try tA
      ? matmul(b, dy, transposeA: tB, transposeB: true, context: context)
      : matmul(dy, b, transposeB: !tB, context: context)
    return try unbroadcast(product, to: 0)
  }

  fileprivate func secondGradient(_ a: Tensor, _ dy: Tensor) throws -> Tensor {
    let (tA, tB) = attributes.matmulFlags
    let (a, dy) = try tA || inputs[1].shape.rank > 2 ? (a, dy) : (a.flattened(), dy.flattened())
    let product =
      try tB
      ? matmul(dy, a, transposeA: true, transposeB: tA, context: context)
      : matmul(a, dy, transposeA: !tA, context: context)
    return try unbroadcast(product, to: 1)
  }
}

extension Tensor {
  /// All leading axes as one.
  ///
  /// Weights that a whole batch shares get their gradient by one product over all rows, where the
  /// batched form would make a product each and add them up.
  func flattened() throws -> Tensor {
    shape.rank == 2 ? self : try reshaped([shape.rows, shape.columns])
  }
}
