import TensorCore

extension OpDefinition {
  /// `embedding/1`: rows of a table by number.
  static let embedding = OpDefinition(
    name: "embedding", version: 1, inputCount: 2...2,
    summary: "table [F, ...], indices i32 or i64 [...] → rows of the table, [indices..., ...]",
    infer: { inputs, _ in [try ShapeInference.embedding(inputs[0], inputs[1])] },
    forward: { call in
      let y = try TensorCore.embedding(call.inputs[0], call.inputs[1], context: call.context)
      return OpResult(y, saved: call.isRecorded ? [call.inputs[1]] : [])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let indices = pullback.saved[0] else {
        return pullback.none
      }
      return [
        try embeddingGradient(table: pullback.inputs[0], indices, dy, context: pullback.context),
        nil,
      ]
    })

  /// `gather/1`: elements by their position along an axis.
  static let gather = OpDefinition(
    name: "gather", version: 1, inputCount: 2...2, defaultAttributes: .axis(-1, keeps: false),
    summary: "x, indices i32 or i64 of the same shape but for one axis → elements of x at indices",
    infer: { inputs, attributes in
      [try ShapeInference.gather(inputs[0], inputs[1], axis: attributes.axis)]
    },
    forward: { call in
      let y = try TensorCore.gather(
        call.inputs[0], call.inputs[1], axis: call.attributes.axis, context: call.context)
      return OpResult(y, saved: call.isRecorded ? [call.inputs[1]] : [])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let indices = pullback.saved[0] else {
        return pullback.none
      }
      return [try pullback.scattered(dy, at: indices, axis: pullback.attributes.axis), nil]
    })

  /// `scatter_add/1`: adds elements at their position along an axis.
  static let scatterAdd = OpDefinition(
    name: "scatter_add", version: 1, inputCount: 3...3,
    defaultAttributes: .axis(-1, keeps: false),
    summary: "x, indices i32 or i64, updates of their shape → x with updates added at indices",
    infer: { inputs, attributes in
      [try ShapeInference.scatterAdd(inputs[0], inputs[1], inputs[2], axis: attributes.axis)]
    },
    forward: { call in
      let y = try TensorCore.scatterAdd(
        call.inputs[0], call.inputs[1], call.inputs[2], axis: call.attributes.axis,
        context: call.context)
      return OpResult(y, saved: call.needs(2) ? [call.inputs[1]] : [])
    },
    vjp: { pullback in
      var gradients = pullback.none
      guard let dy = pullback.outputGradients[0] else { return gradients }
      if pullback.needs(0) { gradients[0] = dy }
      if pullback.needs(2), let indices = pullback.saved[0] {
        gradients[2] = try TensorCore.gather(
          dy, indices, axis: pullback.attributes.axis, context: pullback.context)
      }
      return gradients
    })
}

extension OpPullback {
  /// The gradient of a choice along an axis: what was chosen gets its gradient, the rest 0.
  func scattered(_ dy: Tensor, at positions: Tensor, axis: Int) throws -> Tensor {
    try scatterAdd(
      .zeros(inputs[0], account: context.memory), positions, dy, axis: axis, context: context)
  }
}
