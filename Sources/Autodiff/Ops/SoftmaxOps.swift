import TensorCore

extension OpDefinition {
  /// `softmax/1`.
  static let softmax = OpDefinition(
    name: "softmax", version: 1, inputCount: 1...1, defaultAttributes: .axis(-1, keeps: false),
    summary: "softmax along an axis",
    infer: { inputs, attributes in
      [try ShapeInference.softmax(inputs[0], axis: attributes.axis, op: "softmax")]
    },
    forward: { call in
      let y = try TensorCore.softmax(
        call.inputs[0], axis: call.attributes.axis, context: call.context)
      return OpResult(y, saved: call.isRecorded ? [y] : [])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let y = pullback.saved[0] else { return [nil] }
      return [
        try softmaxGradient(
          output: y, dy, axis: pullback.attributes.axis, context: pullback.context)
      ]
    })

  /// `log_softmax/1`.
  static let logSoftmax = OpDefinition(
    name: "log_softmax", version: 1, inputCount: 1...1,
    defaultAttributes: .axis(-1, keeps: false), summary: "logarithm of softmax along an axis",
    infer: { inputs, attributes in
      [try ShapeInference.softmax(inputs[0], axis: attributes.axis, op: "log_softmax")]
    },
    forward: { call in
      let y = try TensorCore.logSoftmax(
        call.inputs[0], axis: call.attributes.axis, context: call.context)
      return OpResult(y, saved: call.isRecorded ? [y] : [])
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let y = pullback.saved[0] else { return [nil] }
      return [
        try logSoftmaxGradient(
          output: y, dy, axis: pullback.attributes.axis, context: pullback.context)
      ]
    })
}
