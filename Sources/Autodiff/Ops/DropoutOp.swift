import TensorCore

extension OpDefinition {
  /// `dropout/1`: run it in training only.
  static let dropout = OpDefinition(
    name: "dropout", version: 1, inputCount: 1...1, defaultAttributes: .dropout(0),
    summary: "zeroes elements with probability p and scales the rest by 1 / (1 - p)",
    infer: { inputs, attributes in
      [try ShapeInference.dropout(inputs[0], probability: attributes.probability)]
    },
    forward: { call in
      let (y, mask) = try TensorCore.dropout(
        call.inputs[0], probability: call.attributes.probability, context: call.context)
      return OpResult(y, saved: call.isRecorded ? [mask] : [])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let mask = pullback.saved[0] else { return [nil] }
      return [try elementwise(.multiply, dy, mask, context: pullback.context)]
    })
}
