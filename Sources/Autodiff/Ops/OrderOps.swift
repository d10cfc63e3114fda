import TensorCore

extension OpDefinition {
  /// `sort/1`: values in order, and where they stood.
  static let sort = OpDefinition(
    name: "sort", version: 1, inputCount: 1...1, outputs: .exactly(2),
    defaultAttributes: .order(OrderAttributes()),
    summary: "values in order along an axis, and their positions i64; stable; NaN is the largest",
    infer: { inputs, attributes in
      try ShapeInference.sort(inputs[0], axis: attributes.order.axis)
    },
    forward: { call in
      let order = call.attributes.order
      let (values, positions) = try TensorCore.sort(
        call.inputs[0], axis: order.axis, descending: order.descending, context: call.context)
      return OpResult([values, positions], saved: call.isRecorded ? [positions] : [])
    },
    vjp: { try $0.chosenGradient() })

  /// `top_k/1`: the k largest or smallest, and where they stood.
  static let topK = OpDefinition(
    name: "top_k", version: 1, inputCount: 1...1, outputs: .exactly(2),
    defaultAttributes: .order(OrderAttributes()),
    summary: "the k largest, or smallest, along an axis in order, and their positions i64",
    infer: { inputs, attributes in
      let order = attributes.order
      return try ShapeInference.topK(inputs[0], k: order.k, axis: order.axis)
    },
    forward: { call in
      let order = call.attributes.order
      let (values, positions) = try TensorCore.topK(
        call.inputs[0], k: order.k, axis: order.axis, smallest: order.smallest,
        context: call.context)
      return OpResult([values, positions], saved: call.isRecorded ? [positions] : [])
    },
    vjp: { try $0.chosenGradient() })
}

extension OpPullback {
  fileprivate func chosenGradient() throws -> [Tensor?] {
    guard let dvalues = outputGradients[0], let positions = saved[0] else { return none }
    return [try scattered(dvalues, at: positions, axis: attributes.order.axis)]
  }
}
