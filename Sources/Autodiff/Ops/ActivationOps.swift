import TensorCore

extension OpDefinition {
  /// `relu/1`.
  static let relu = OpDefinition(
    name: "relu", version: 1, inputCount: 1...1,
    summary: "max(x, 0); the gradient at 0 is 0",
    infer: { inputs, _ in [try ShapeInference.elementwise(inputs[0], op: "relu")] },
    forward: { call in try .savingOutput(TensorCore.relu(call.inputs[0], context: call.context)) },
    vjp: { try $0.fromOutput(reluGradient) })

  /// `tanh/1`.
  static let tanh = OpDefinition(
    name: "tanh", version: 1, inputCount: 1...1,
    summary: "hyperbolic tangent",
    infer: { inputs, _ in [try ShapeInference.elementwise(inputs[0], op: "tanh")] },
    forward: { call in try .savingOutput(TensorCore.tanh(call.inputs[0], context: call.context)) },
    vjp: { try $0.fromOutput(tanhGradient) })

  /// `softmax/1`.
  static let softmax = OpDefinition(
    name: "softmax", version: 1, inputCount: 1...1,
    summary: "softmax along the innermost axis",
    infer: { inputs, _ in [try ShapeInference.rowwise(inputs[0], op: "softmax")] },
    forward: { call in
      try .savingOutput(TensorCore.softmax(call.inputs[0], context: call.context))
    },
    vjp: { try $0.fromOutput(softmaxGradient) })

  /// `log_softmax/1`.
  static let logSoftmax = OpDefinition(
    name: "log_softmax", version: 1, inputCount: 1...1,
    summary: "logarithm of softmax along the innermost axis",
    infer: { inputs, _ in [try ShapeInference.rowwise(inputs[0], op: "log_softmax")] },
    forward: { call in
      try .savingOutput(TensorCore.logSoftmax(call.inputs[0], context: call.context))
    },
    vjp: { try $0.fromOutput(logSoftmaxGradient) })
}

extension OpResult {
  /// These gradients are made from the output, which often lives on anyway as the next input.
  fileprivate static func savingOutput(_ y: Tensor) -> OpResult { OpResult([y], saved: [y]) }
}

extension OpPullback {
  fileprivate func fromOutput(
    _ gradient: (_ output: Tensor, _ dy: Tensor, _ context: ComputeContext) throws -> Tensor
  ) throws -> [Tensor?] {
    guard let dy = outputGradients[0], let y = saved[0] else { return [nil] }
    return [try gradient(y, dy, context)]
  }
}
