import TensorCore

/// What training does in place, between two passes: no gradient.
extension OpDefinition {
  /// `sgd_step/1`.
  static let sgdStep = OpDefinition(
    name: "sgd_step", version: 1, inputCount: 2...3, outputs: .exactly(0),
    defaultAttributes: .sgdStep(SGDRule(learningRate: 0.01)), overwrites: .at([0, 2]),
    summary: "parameter, gradient, optional velocity: one step of gradient descent, in place",
    infer: { inputs, attributes in
      try ShapeInference.sgdStep(inputs, rule: attributes.sgdRule)
      return []
    },
    forward: { call in
      try TensorCore.sgdStep(
        call.inputs[0], gradient: call.inputs[1], velocity: call.optional(2),
        rule: call.attributes.sgdRule, context: call.context)
      return OpResult([])
    })

  /// `adam_step/1`.
  static let adamStep = OpDefinition(
    name: "adam_step", version: 1, inputCount: 4...4, outputs: .exactly(0),
    defaultAttributes: .adamStep(AdamRule(step: 1)), overwrites: .at([0, 2, 3]),
    summary: "parameter, gradient, first and second moment: one step of Adam or AdamW, in place",
    infer: { inputs, attributes in
      try ShapeInference.adamStep(inputs, rule: attributes.adamRule)
      return []
    },
    forward: { call in
      try TensorCore.adamStep(
        call.inputs[0], gradient: call.inputs[1], firstMoment: call.inputs[2],
        secondMoment: call.inputs[3], rule: call.attributes.adamRule, context: call.context)
      return OpResult([])
    })

  /// `accumulate/1`.
  static let accumulate = OpDefinition(
    name: "accumulate", version: 1, inputCount: 2...2, outputs: .exactly(0), overwrites: .at([0]),
    summary: "target, x: adds x to the target, in place",
    infer: { inputs, _ in
      try ShapeInference.accumulate(inputs[0], inputs[1])
      return []
    },
    forward: { call in
      try TensorCore.accumulate(call.inputs[0], adding: call.inputs[1], context: call.context)
      return OpResult([])
    })

  /// `clip_norm/1`.
  static let clipNorm = OpDefinition(
    name: "clip_norm", version: 1, inputCount: 1...4096,
    defaultAttributes: .clip(maximumNorm: 1), overwrites: .all,
    summary: "scales all inputs in place so that their norm together is at most a maximum "
      + "→ the norm before, a scalar",
    infer: { inputs, attributes in
      [try ShapeInference.clipNorm(inputs, maximum: attributes.maximumNorm)]
    },
    forward: { call in
      OpResult(
        try TensorCore.clipNorm(
          call.inputs, maximum: call.attributes.maximumNorm, context: call.context))
    })
}
