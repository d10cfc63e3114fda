import TensorCore

extension OpDefinition {
  /// `sum/1`: of all elements.
  static let sum = OpDefinition(
    name: "sum", version: 1, inputCount: 1...1,
    summary: "the sum of all elements → a scalar",
    infer: { inputs, _ in [try ShapeInference.reduction(inputs[0], op: "sum")] },
    forward: { call in
      OpResult([try TensorCore.sum(call.inputs[0], context: call.context)])
    },
    vjp: { pullback in [try pullback.spread(dividedBy: 1)] })

  /// `mean/1`: of all elements.
  static let mean = OpDefinition(
    name: "mean", version: 1, inputCount: 1...1,
    summary: "the mean of all elements → a scalar",
    infer: { inputs, _ in [try ShapeInference.mean(inputs[0])] },
    forward: { call in
      OpResult([try TensorCore.mean(call.inputs[0], context: call.context)])
    },
    vjp: { pullback in
      [try pullback.spread(dividedBy: Float(pullback.inputs[0].shape.elementCount))]
    })

  /// `norm/1`: the Euclidean norm of all inputs together.
  static let norm = OpDefinition(
    name: "norm", version: 1, inputCount: 1...4096,
    summary: "the Euclidean norm of all elements of all inputs → a scalar; gradient 0 at 0",
    infer: { inputs, _ in [try ShapeInference.norm(inputs)] },
    forward: { call in
      let y = try TensorCore.norm(call.inputs, context: call.context)
      guard call.isRecorded else { return OpResult([y]) }
      let kept: [Tensor?] = zip(call.inputs, call.needsGradient).map { $1 ? $0 : nil }
      return OpResult([y], saved: [y] + kept)
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let y = pullback.saved[0] else {
        return pullback.inputs.map { _ in nil }
      }
      let (size, outer): (Float, Float) = (try y.item(), try dy.item())
      // The norm has a kink at 0; 0 is one of its subgradients there.
      let factor = size == 0 ? 0 : outer / size
      return try pullback.saved.dropFirst().map { input in
        try input.map { try TensorCore.scale($0, by: factor, context: pullback.context) }
      }
    })

  /// `argmax/1`: along the innermost axis; no gradient.
  static let argmax = OpDefinition(
    name: "argmax", version: 1, inputCount: 1...1,
    summary: "position of the largest along the innermost axis → i64; first of equals",
    infer: { inputs, _ in [try ShapeInference.argmax(inputs[0])] },
    forward: { call in
      OpResult([try TensorCore.argmax(call.inputs[0], context: call.context)])
    })
}

extension OpPullback {
  /// The gradient of a total: the same number everywhere.
  fileprivate func spread(dividedBy count: Float) throws -> Tensor? {
    guard let dy = outputGradients[0] else { return nil }
    let value: Float = try dy.item()
    return try .full(value / count, inputs[0].shape.dimensions, account: context.memory)
  }
}
