import TensorCore

extension OpDefinition {
  /// `reshape/1`: the same elements in the same order.
  static let reshape = OpDefinition(
    name: "reshape", version: 1, inputCount: 1...1, defaultAttributes: .shape([]),
    summary: "the same elements in another shape, in the same memory; any element type",
    infer: { inputs, attributes in
      [try ShapeInference.reshape(inputs[0], attributes.lengths)]
    },
    forward: { call in
      let x = try call.inputs[0].contiguous(account: call.context.memory)
      return OpResult(try x.reshaped(call.attributes.lengths))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      return [try dy.reshaped(pullback.inputs[0].shape.dimensions)]
    })

  /// `transpose/1`: axes in another order.
  static let transpose = OpDefinition(
    name: "transpose", version: 1, inputCount: 1...1, defaultAttributes: .axes(nil),
    summary: "axes in another order, by default reversed; any element type",
    infer: { inputs, attributes in
      [try ShapeInference.transpose(inputs[0], axes: attributes.someAxes)]
    },
    forward: { call in
      OpResult(
        try TensorCore.transpose(
          call.inputs[0], axes: call.attributes.someAxes, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      guard let axes = pullback.attributes.someAxes else {
        return [try TensorCore.transpose(dy, context: pullback.context)]
      }
      var inverse = [Int](repeating: 0, count: axes.count)
      for (to, from) in axes.enumerated() {
        inverse[try dy.shape.axis(from, op: "transpose")] = to
      }
      return [try TensorCore.transpose(dy, axes: inverse, context: pullback.context)]
    })

  /// `flip/1`: axes turned round.
  static let flip = OpDefinition(
    name: "flip", version: 1, inputCount: 1...1, defaultAttributes: .axes(nil),
    summary: "axes turned round, by default all; any element type",
    infer: { inputs, attributes in
      [try ShapeInference.flip(inputs[0], axes: attributes.someAxes)]
    },
    forward: { call in
      OpResult(
        try TensorCore.flip(call.inputs[0], axes: call.attributes.someAxes, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      return [
        try TensorCore.flip(dy, axes: pullback.attributes.someAxes, context: pullback.context)
      ]
    })

  /// `broadcast/1`: repeats along axes of length 1 and new outer axes.
  static let broadcast = OpDefinition(
    name: "broadcast", version: 1, inputCount: 1...1, defaultAttributes: .shape([]),
    summary: "repeated along axes of length 1 and new outer axes; any element type",
    infer: { inputs, attributes in
      let shape = try Shape(attributes.lengths, op: "broadcast")
      return [try ShapeInference.broadcast(inputs[0], to: shape)]
    },
    forward: { call in
      let shape = try Shape(call.attributes.lengths, op: "broadcast")
      return OpResult(
        try TensorCore.broadcast(call.inputs[0], to: shape, context: call.context))
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0] else { return [nil] }
      return [try pullback.unbroadcast(dy, to: 0)]
    })
}
