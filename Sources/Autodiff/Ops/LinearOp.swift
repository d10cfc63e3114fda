import TensorCore

extension OpDefinition {
  /// `linear/1`: product, bias and activation in one pass.
  static let linear = OpDefinition(
    name: "linear", version: 1, inputCount: 2...3,
    defaultAttributes: .linear(activation: .identity, transposeW: false),
    summary: "x [..., K] · w [K, N] + optional bias [N], then an activation → [..., N]",
    infer: { inputs, attributes in
      [
        try ShapeInference.linear(
          inputs[0], inputs[1], bias: inputs.count > 2 ? inputs[2] : nil,
          transposeW: attributes.layer.transposeW)
      ]
    },
    forward: { call in
      let (activation, transposeW) = call.attributes.layer
      let (x, w) = (call.inputs[0], call.inputs[1])
      let isRecorded = call.isRecorded
      let reads = activation.unary?.gradientReads
      let (y, before) = try TensorCore.linear(
        x, w, bias: call.optional(2), transposeW: transposeW, activation: activation,
        keepsBefore: isRecorded && reads == .input, context: call.context)
      guard isRecorded else { return OpResult(y) }
      return OpResult(
        y,
        saved: [
          call.needs(1) ? x : nil, call.needs(0) ? w : nil, reads == .output ? y : before,
        ])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return pullback.none }
      return try pullback.layerGradients(dy)
    })
}

extension OpPullback {
  fileprivate func layerGradients(_ dy: Tensor) throws -> [Tensor?] {
    let (activation, transposeW) = attributes.layer
    var gradients = none
    // The gradient of what stands ahead of the activation: once, for all inputs.
    let dz =
      try activation.unary.map {
        try elementwiseGradient($0, saved: saved[2], dy, context: context)
      } ?? dy
    let rows = try dz.flattened()
    if needs(0), let w = saved[1] {
      let product = try matmul(rows, w, transposeB: !transposeW, context: context)
      gradients[0] = try product.reshaped(inputs[0].shape.dimensions)
    }
    if needs(1), let x = try saved[0]?.flattened() {
      gradients[1] =
        try transposeW
        ? matmul(rows, x, transposeA: true, context: context)
        : matmul(x, rows, transposeA: true, context: context)
    }
    if needs(2) {
      gradients[2] = try reduce(.sum, rows, over: ReductionAxes([0]), context: context)
    }
    return gradients
  }
}
