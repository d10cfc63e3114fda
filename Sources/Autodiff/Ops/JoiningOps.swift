import TensorCore

extension OpDefinition {
  /// `concat/1`: along an axis that is there.
  static let concat = OpDefinition(
    name: "concat", version: 1, inputCount: 1...4096, defaultAttributes: .axis(-1, keeps: false),
    summary: "joins tensors along an axis; all other lengths agree; any element type",
    infer: { inputs, attributes in [try ShapeInference.concat(inputs, axis: attributes.axis)] },
    forward: { call in
      OpResult(
        try TensorCore.concat(call.inputs, axis: call.attributes.axis, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return pullback.none }
      let axis = try dy.shape.axis(pullback.attributes.axis, op: "concat")
      let lengths = pullback.inputs.map { $0.shape[axis] }
      return try TensorCore.split(dy, lengths: lengths, axis: axis, context: pullback.context)
    })

  /// `stack/1`: along a new axis.
  static let stack = OpDefinition(
    name: "stack", version: 1, inputCount: 1...4096, defaultAttributes: .axis(0, keeps: false),
    summary: "joins tensors of one shape along a new axis; any element type",
    infer: { inputs, attributes in [try ShapeInference.stack(inputs, axis: attributes.axis)] },
    forward: { call in
      OpResult(
        try TensorCore.stack(call.inputs, axis: call.attributes.axis, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return pullback.none }
      let lengths = [Int](repeating: 1, count: pullback.inputs.count)
      let parts = try TensorCore.split(
        dy, lengths: lengths, axis: pullback.attributes.axis, context: pullback.context)
      return try parts.map { try $0.reshaped(pullback.inputs[0].shape.dimensions) }
    })

  /// `split/1`: one output a length.
  static let split = OpDefinition(
    name: "split", version: 1, inputCount: 1...1, outputs: .perLength,
    defaultAttributes: .split(lengths: [], axis: 0),
    summary: "cuts a tensor along an axis, one output a length; any element type",
    infer: { inputs, attributes in
      let (lengths, axis) = attributes.cuts
      return try ShapeInference.split(inputs[0], lengths: lengths, axis: axis)
    },
    forward: { call in
      let (lengths, axis) = call.attributes.cuts
      return OpResult(
        try TensorCore.split(call.inputs[0], lengths: lengths, axis: axis, context: call.context))
    },
    vjp: { pullback in
      let (lengths, axis) = pullback.attributes.cuts
      let specs = try ShapeInference.split(pullback.inputs[0], lengths: lengths, axis: axis)
      let parts = try zip(pullback.outputGradients, specs).map { gradient, spec in
        try gradient ?? .zeros(spec, account: pullback.context.memory)
      }
      return [try TensorCore.concat(parts, axis: axis, context: pullback.context)]
    })
}
