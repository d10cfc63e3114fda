import TensorCore

extension OpDefinition {
  /// `norm/1`: of all inputs together, or of one input over axes.
  static let norm = OpDefinition(
    name: "norm", version: 1, inputCount: 1...4096,
    defaultAttributes: .reduce(ReductionAxes(), correction: 0),
    summary: "the Euclidean norm of all elements of all inputs, or of one input over axes; "
      + "gradient 0 at 0",
    infer: { inputs, attributes in
      let axes = attributes.reduction.axes
      guard try isOverAxes(axes, inputCount: inputs.count) else {
        return [try ShapeInference.norm(inputs)]
      }
      return [try ShapeInference.reduce(.norm, inputs[0], over: axes)]
    },
    forward: { call in
      let axes = call.attributes.reduction.axes
      let isOverAxes = try isOverAxes(axes, inputCount: call.inputs.count)
      let y =
        try isOverAxes
        ? reduce(.norm, call.inputs[0], over: axes, context: call.context)
        : TensorCore.norm(call.inputs, context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      let kept = call.inputs.enumerated().map { call.needs($0.offset) ? $0.element : nil }
      return OpResult(y, saved: [y] + kept)
    },
    vjp: { pullback in
      guard let dy = pullback.outputGradients[0], let y = pullback.saved[0] else {
        return pullback.none
      }
      let axes = pullback.attributes.reduction.axes
      guard try isOverAxes(axes, inputCount: pullback.inputs.count) else {
        return try pullback.togetherGradient(y, dy)
      }
      return [try pullback.axesGradient(y, dy, axes)]
    })

  private static func isOverAxes(
    _ axes: ReductionAxes, inputCount: Int
  ) throws(AutodiffError) -> Bool {
    let isOverAxes = axes.axes != nil || axes.keepAxes
    guard !isOverAxes || inputCount == 1 else {
      throw AutodiffError(
        .wrongInputCount, op: "norm/1",
        message: "takes 1 input where axes are named or kept, got \(inputCount)")
    }
    return isOverAxes
  }
}

extension OpPullback {
  // The norm has a kink at 0; 0 is one of its subgradients there.

  fileprivate func togetherGradient(_ y: Tensor, _ dy: Tensor) throws -> [Tensor?] {
    let (length, outer) = (try y.realItem(), try dy.realItem())
    let factor = length == 0 ? 0 : outer / length
    return try saved.dropFirst().map { input in
      try input.map { try elementwise(.scale, $0, alpha: factor, context: context) }
    }
  }

  fileprivate func axesGradient(
    _ y: Tensor, _ dy: Tensor, _ axes: ReductionAxes
  ) throws -> Tensor? {
    guard let x = saved[1] else { return nil }
    let zero = try scalar(0, x.dtype)
    let ratio = try elementwise(.divide, dy, y, context: context)
    let isZero = try compare(.equal, y, zero, context: context)
    let factor = try select(isZero, zero, ratio, context: context)
    return try elementwise(
      .multiply, x, keptAxes(factor, over: axes, op: "norm"), context: context)
  }
}
