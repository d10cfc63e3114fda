import TensorCore

extension OpDefinition {
  /// `add/1`: same shapes, or a row added to every row.
  static let add = OpDefinition(
    name: "add", version: 1, inputCount: 2...2,
    summary: "a + b; b has the shape of a, or is a row [columns]",
    infer: { inputs, _ in
      [try ShapeInference.rowBroadcast(inputs[0], inputs[1], op: "add")]
    },
    forward: { call in
      OpResult([try TensorCore.add(call.inputs[0], call.inputs[1], context: call.context)])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil, nil] }
      return [
        pullback.needsGradient[0] ? dy : nil,
        pullback.needsGradient[1] ? try pullback.reducedToSecond(dy) : nil,
      ]
    })

  /// `mul/1`: same shapes, or every row multiplied by a row.
  static let multiply = OpDefinition(
    name: "mul", version: 1, inputCount: 2...2,
    summary: "a * b by element; b has the shape of a, or is a row [columns]",
    infer: { inputs, _ in
      [try ShapeInference.rowBroadcast(inputs[0], inputs[1], op: "mul")]
    },
    forward: { call in
      let y = try TensorCore.multiply(call.inputs[0], call.inputs[1], context: call.context)
      return OpResult(
        [y],
        saved: [
          call.needsGradient[1] ? call.inputs[0] : nil,
          call.needsGradient[0] ? call.inputs[1] : nil,
        ])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil, nil] }
      var gradients: [Tensor?] = [nil, nil]
      if pullback.needsGradient[0], let b = pullback.saved[1] {
        gradients[0] = try TensorCore.multiply(dy, b, context: pullback.context)
      }
      if pullback.needsGradient[1], let a = pullback.saved[0] {
        let product = try TensorCore.multiply(dy, a, context: pullback.context)
        gradients[1] = try pullback.reducedToSecond(product)
      }
      return gradients
    })

  /// `scale/1`: every element times a factor.
  static let scale = OpDefinition(
    name: "scale", version: 1, inputCount: 1...1, attributes: .scale,
    summary: "factor * x",
    infer: { inputs, _ in [try ShapeInference.elementwise(inputs[0], op: "scale")] },
    forward: { call in
      let factor = call.attributes.scaleFactor
      return OpResult([
        try TensorCore.scale(call.inputs[0], by: factor, context: call.context)
      ])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      let factor = pullback.attributes.scaleFactor
      return [try TensorCore.scale(dy, by: factor, context: pullback.context)]
    })
}

extension OpPullback {
  /// A gradient of the first operand's shape, summed over rows where the second was a row.
  fileprivate func reducedToSecond(_ gradient: Tensor) throws -> Tensor {
    guard inputs[0].shape != inputs[1].shape else { return gradient }
    return try sumRows(gradient, context: context)
  }
}

extension OpAttributes {
  fileprivate var scaleFactor: Float {
    if case .scale(let attributes) = self { attributes.factor } else { 1 }
  }
}
