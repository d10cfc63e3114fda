import TensorCore

extension OpDefinition {
  /// `matmul/1`: `[M, K] · [K, N] → [M, N]`.
  static let matmul = OpDefinition(
    name: "matmul", version: 1, inputCount: 2...2, attributes: .matmul,
    summary: "[M, K] · [K, N] → [M, N]; transpose_a, transpose_b say how operands are stored",
    infer: { inputs, attributes in
      let flags = attributes.matmulFlags
      return [
        try ShapeInference.matmul(
          inputs[0], inputs[1], transposeA: flags.transposeA, transposeB: flags.transposeB)
      ]
    },
    forward: { call in
      let flags = call.attributes.matmulFlags
      let y = try TensorCore.matmul(
        call.inputs[0], call.inputs[1], transposeA: flags.transposeA,
        transposeB: flags.transposeB, context: call.context)
      // Each gradient is made from the other operand.
      return OpResult(
        [y],
        saved: [
          call.needsGradient[1] ? call.inputs[0] : nil,
          call.needsGradient[0] ? call.inputs[1] : nil,
        ])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil, nil] }
      let flags = pullback.attributes.matmulFlags
      let context = pullback.context
      let (tA, tB) = (flags.transposeA, flags.transposeB)
      var gradients: [Tensor?] = [nil, nil]
      if pullback.needsGradient[0], let b = pullback.saved[1] {
        // y = A·B gives dA = dy·Bᵀ; where A is stored transposed, so is dA: B·dyᵀ.
        gradients[0] =
          try tA
          ? TensorCore.matmul(b, dy, transposeA: tB, transposeB: true, context: context)
          : TensorCore.matmul(dy, b, transposeA: false, transposeB: !tB, context: context)
      }
      if pullback.needsGradient[1], let a = pullback.saved[0] {
        gradients[1] =
          try tB
          ? TensorCore.matmul(dy, a, transposeA: true, transposeB: tA, context: context)
          : TensorCore.matmul(a, dy, transposeA: !tA, transposeB: false, context: context)
      }
      return gradients
    })
}

extension OpAttributes {
  fileprivate var matmulFlags: MatmulAttributes {
    if case .matmul(let flags) = self { flags } else { MatmulAttributes() }
  }
}
