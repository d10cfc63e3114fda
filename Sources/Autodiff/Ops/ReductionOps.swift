import TensorCore

extension OpDefinition {
  /// `sum/1`.
  static let sum = reduction(.sum, "the sum over axes; also whole numbers") { pullback, dy in
    try TensorCore.broadcast(dy, to: pullback.inputs[0].shape, context: pullback.context)
  }

  /// `mean/1`.
  static let mean = reduction(.mean, "the mean over axes") { pullback, dy in
    let count = pullback.reducedCount(dy)
    let share = try elementwise(.scale, dy, alpha: 1 / count, context: pullback.context)
    return try TensorCore.broadcast(
      share, to: pullback.inputs[0].shape, context: pullback.context)
  }

  /// `variance/1`.
  static let variance = reduction(
    .variance, "the variance over axes: squares are divided by the count less a correction",
    saving: { call, _ in [call.inputs[0]] }
  ) { pullback, dy in
    guard let x = pullback.saved[0] else { return nil }
    let (axes, correction) = pullback.attributes.reduction
    let context = pullback.context
    let kept = ReductionAxes(axes.axes, keepAxes: true)
    let mean = try reduce(.mean, x, over: kept, context: context)
    let distance = try elementwise(.subtract, x, mean, context: context)
    let factor = 2 / (pullback.reducedCount(dy) - correction)
    let share = try elementwise(.scale, dy, alpha: factor, context: context)
    return try elementwise(.multiply, distance, share, context: context)
  }

  /// `logsumexp/1`.
  static let logsumexp = reduction(
    .logsumexp, "the logarithm of the sum of exponentials over axes",
    saving: { call, y in [call.inputs[0], y] }
  ) { pullback, dy in
    guard let x = pullback.saved[0], let y = pullback.saved[1] else { return nil }
    let axes = pullback.attributes.reduction.axes
    let context = pullback.context
    let kept = try pullback.keptAxes(y, over: axes, op: "logsumexp")
    let distance = try elementwise(.subtract, x, kept, context: context)
    let share = try elementwise(.exp, distance, context: context)
    return try elementwise(.multiply, share, dy, context: context)
  }

  /// `max/1`.
  static let max = extremeReduction(
    .max, "the largest over axes; also whole numbers; equal ones share the gradient")

  /// `min/1`.
  static let min = extremeReduction(
    .min, "the smallest over axes; also whole numbers; equal ones share the gradient")

  /// `argmax/1`.
  static let argmax = extremePosition(
    .argmax, "position of the largest along an axis → i64; first of equals")

  /// `argmin/1`.
  static let argmin = extremePosition(
    .argmin, "position of the smallest along an axis → i64; first of equals")

  private static func extremeReduction(_ op: ReductionOp, _ summary: String) -> OpDefinition {
    reduction(op, summary, saving: { call, y in [call.inputs[0], y] }) { pullback, dy in
      guard let x = pullback.saved[0], let y = pullback.saved[1] else { return nil }
      let axes = pullback.attributes.reduction.axes
      let context = pullback.context
      let kept = try pullback.keptAxes(y, over: axes, op: op.name)
      let isExtreme = try compare(.equal, x, kept, context: context)
      let mask = try TensorCore.cast(isExtreme, to: x.dtype, context: context)
      let count = try reduce(
        .sum, mask, over: ReductionAxes(axes.axes, keepAxes: true), context: context)
      let share = try elementwise(.divide, dy, count, context: context)
      return try elementwise(.multiply, mask, share, context: context)
    }
  }

  private static func extremePosition(
    _ op: ExtremePosition, _ summary: String
  ) -> OpDefinition {
    OpDefinition(
      name: "\(op)", version: 1, inputCount: 1...1,
      defaultAttributes: .axis(-1, keeps: false), summary: summary,
      infer: { inputs, attributes in
        let (axis, keeps) = attributes.axisAndKeeping
        return [try ShapeInference.position(op, inputs[0], axis: axis, keepAxis: keeps)]
      },
      forward: { call in
        let (axis, keeps) = call.attributes.axisAndKeeping
        return OpResult(
          try position(op, call.inputs[0], axis: axis, keepAxis: keeps, context: call.context))
      })
  }

  /// - Parameter gradient: gets the gradient of the result with reduced axes kept.
  private static func reduction(
    _ op: ReductionOp, _ summary: String,
    saving: @escaping @Sendable (OpInvocation, _ y: Tensor) -> [Tensor?] = { _, _ in [] },
    gradient: @escaping @Sendable (OpPullback, _ dy: Tensor) throws -> Tensor?
  ) -> OpDefinition {
    OpDefinition(
      name: op.name, version: 1, inputCount: 1...1,
      defaultAttributes: .reduce(ReductionAxes(), correction: 0), summary: summary,
      infer: { inputs, attributes in
        [try ShapeInference.reduce(op, inputs[0], over: attributes.reduction.axes)]
      },
      forward: { call in
        let (axes, correction) = call.attributes.reduction
        let y = try reduce(
          op, call.inputs[0], over: axes, correction: correction, context: call.context)
        return call.isRecorded ? OpResult(y, saved: saving(call, y)) : OpResult(y)
      },
      vjp: { pullback in
        guard let dy = pullback.outputGradients[0] else { return [nil] }
        let axes = pullback.attributes.reduction.axes
        return [try gradient(pullback, pullback.keptAxes(dy, over: axes, op: op.name))]
      })
  }
}

extension OpPullback {
  /// How many elements were reduced to one.
  fileprivate func reducedCount(_ dy: Tensor) -> Double {
    Double(inputs[0].shape.elementCount) / Double(Swift.max(dy.shape.elementCount, 1))
  }
}
