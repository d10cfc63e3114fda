import TensorCore

extension OpDefinition {
  /// `concat/1`: along the innermost axis.
  static let concat = OpDefinition(
    name: "concat", version: 1, inputCount: 1...4096,
    summary: "joins tensors along the innermost axis; all other lengths agree",
    infer: { inputs, _ in [try ShapeInference.concat(inputs)] },
    forward: { call in OpResult([try TensorCore.concat(call.inputs, context: call.context)]) },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return pullback.inputs.map { _ in nil } }
      let widths = pullback.inputs.map(\.shape.columns)
      return try splitColumns(dy, widths: widths, context: pullback.context)
    })
}
