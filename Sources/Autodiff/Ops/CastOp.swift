import TensorCore

extension OpDefinition {
  /// `cast/1`: to another element type.
  static let cast = OpDefinition(
    name: "cast", version: 1, inputCount: 1...1, defaultAttributes: .cast(.f32),
    summary: "the same numbers in another element type",
    infer: { inputs, attributes in [try ShapeInference.cast(inputs[0], to: attributes.dtype)] },
    forward: { call in
      OpResult(
        try TensorCore.cast(call.inputs[0], to: call.attributes.dtype, context: call.context))
    },
    // A tape records it only where the result is floating point; whole numbers end the track.
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      return [try TensorCore.cast(dy, to: pullback.inputs[0].dtype, context: pullback.context)]
    })
}
