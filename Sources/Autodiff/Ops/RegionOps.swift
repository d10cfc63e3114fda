import TensorCore

extension OpDefinition {
  /// `pad/1`: adds positions around a tensor.
  static let pad = OpDefinition(
    name: "pad", version: 1, inputCount: 1...1,
    defaultAttributes: .pad(before: [], after: [], value: 0),
    summary: "adds positions before and after each axis; any element type",
    infer: { inputs, attributes in
      let (before, after, _) = attributes.padding
      return [try ShapeInference.pad(inputs[0], before: before, after: after)]
    },
    forward: { call in
      let (before, after, value) = call.attributes.padding
      return OpResult(
        try TensorCore.pad(
          call.inputs[0], before: before, after: after, value: value, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      let (before, after, _) = pullback.attributes.padding
      return [try unpad(dy, before: before, after: after, context: pullback.context)]
    })

  /// `slice/1`: some positions of each axis.
  static let slice = OpDefinition(
    name: "slice", version: 1, inputCount: 1...1, defaultAttributes: .slice([]),
    summary: "begin ..< end by step of each axis; any element type",
    infer: { inputs, attributes in [try ShapeInference.slice(inputs[0], attributes.ranges)] },
    forward: { call in
      OpResult(
        try TensorCore.slice(call.inputs[0], call.attributes.ranges, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      return [
        try sliceGradient(
          input: pullback.inputs[0], pullback.attributes.ranges, dy, context: pullback.context)
      ]
    })
}
