import TensorCore

extension OpDefinition {
  /// `layer_norm/1`: along the innermost axis.
  static let layerNorm = OpDefinition(
    name: "layer_norm", version: 1, inputCount: 1...3, defaultAttributes: .norm(epsilon: 1e-5),
    summary: "x [..., C], optional scale [C], optional shift [C]: each row less its mean, divided "
      + "by its deviation",
    infer: { inputs, attributes in
      [
        try ShapeInference.normalization(
          inputs[0], scale: inputs.count > 1 ? inputs[1] : nil,
          shift: inputs.count > 2 ? inputs[2] : nil, epsilon: attributes.epsilon, op: "layer_norm")
      ]
    },
    forward: { call in
      let (x, scale) = (call.inputs[0], call.optional(1))
      let (y, statistics) = try TensorCore.layerNorm(
        x, scale: scale, shift: call.optional(2), epsilon: call.attributes.epsilon,
        context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      return OpResult(y, saved: [x, scale, statistics.inverse, statistics.mean])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let x = pullback.saved[0],
        let inverse = pullback.saved[2]
      else { return pullback.none }
      let (dx, dscale, dshift) = try layerNormGradient(
        x, scale: pullback.saved[1],
        statistics: NormStatistics(mean: pullback.saved[3], inverse: inverse), dy,
        wants: (pullback.needs(0), pullback.needs(1), pullback.needs(2)),
        context: pullback.context)
      return Array([dx, dscale, dshift].prefix(pullback.inputs.count))
    })

  /// `rms_norm/1`: along the innermost axis.
  static let rmsNorm = OpDefinition(
    name: "rms_norm", version: 1, inputCount: 1...2, defaultAttributes: .norm(epsilon: 1e-5),
    summary: "x [..., C], optional scale [C]: each row divided by its root mean square",
    infer: { inputs, attributes in
      [
        try ShapeInference.normalization(
          inputs[0], scale: inputs.count > 1 ? inputs[1] : nil, shift: nil,
          epsilon: attributes.epsilon, op: "rms_norm")
      ]
    },
    forward: { call in
      let (x, scale) = (call.inputs[0], call.optional(1))
      let (y, statistics) = try TensorCore.rmsNorm(
        x, scale: scale, epsilon: call.attributes.epsilon, context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      return OpResult(y, saved: [x, scale, statistics.inverse])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let x = pullback.saved[0],
        let inverse = pullback.saved[2]
      else { return pullback.none }
      let (dx, dscale) = try rmsNormGradient(
        x, scale: pullback.saved[1], statistics: NormStatistics(mean: nil, inverse: inverse), dy,
        wants: (pullback.needs(0), pullback.needs(1)), context: pullback.context)
      return Array([dx, dscale].prefix(pullback.inputs.count))
    })
}
