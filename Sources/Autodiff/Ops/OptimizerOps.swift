import TensorCore

extension OpDefinition {
  /// `sgd_step/1`: in place, no outputs, no gradient.
  static let sgdStep = OpDefinition(
    name: "sgd_step", version: 1, inputCount: 2...3, outputCount: 0, attributes: .sgdStep,
    inPlaceInputs: [0, 2],
    summary: "parameter, gradient, optional velocity: one step of gradient descent, in place",
    infer: { inputs, attributes in
      if case .sgdStep(let rule) = attributes { try ShapeInference.sgdStep(inputs, rule: rule) }
      return []
    },
    forward: { call in
      if case .sgdStep(let rule) = call.attributes {
        try TensorCore.sgdStep(
          call.inputs[0], gradient: call.inputs[1],
          velocity: call.inputs.count > 2 ? call.inputs[2] : nil, rule: rule,
          context: call.context)
      }
      return OpResult([])
    })

  /// `adam_step/1`: in place, no outputs, no gradient.
  static let adamStep = OpDefinition(
    name: "adam_step", version: 1, inputCount: 4...4, outputCount: 0, attributes: .adamStep,
    inPlaceInputs: [0, 2, 3],
    summary: "parameter, gradient, first and second moment: one step of Adam or AdamW, in place",
    infer: { inputs, attributes in
      if case .adamStep(let rule) = attributes { try ShapeInference.adamStep(inputs, rule: rule) }
      return []
    },
    forward: { call in
      if case .adamStep(let rule) = call.attributes {
        try TensorCore.adamStep(
          call.inputs[0], gradient: call.inputs[1], firstMoment: call.inputs[2],
          secondMoment: call.inputs[3], rule: rule, context: call.context)
      }
      return OpResult([])
    })
}
