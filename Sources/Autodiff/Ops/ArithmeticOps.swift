import TensorCore

/// Operations on two numbers. Operands broadcast as in NumPy; the gradient of an operand that was
/// broadcast is summed back to its shape.
extension OpDefinition {
  /// `add/1`.
  static let add = binary(.add, "a + b; also whole numbers") { pullback, dy in
    [
      pullback.needs(0) ? try pullback.unbroadcast(dy, to: 0) : nil,
      pullback.needs(1) ? try pullback.unbroadcast(dy, to: 1) : nil,
    ]
  }

  /// `sub/1`.
  static let subtract = binary(.subtract, "a - b; also whole numbers") { pullback, dy in
    var gradients = pullback.none
    if pullback.needs(0) { gradients[0] = try pullback.unbroadcast(dy, to: 0) }
    if pullback.needs(1) {
      let summed = try pullback.unbroadcast(dy, to: 1)
      gradients[1] = try elementwise(.negate, summed, context: pullback.context)
    }
    return gradients
  }

  /// `mul/1`.
  static let multiply = binary(
    .multiply, "a * b; also whole numbers",
    saving: { call, _ in
      [call.needs(1) ? call.inputs[0] : nil, call.needs(0) ? call.inputs[1] : nil]
    }
  ) { pullback, dy in
    var gradients = pullback.none
    for (index, other) in [pullback.saved[1], pullback.saved[0]].enumerated()
    where pullback.needs(index) {
      guard let other else { continue }
      let product = try elementwise(.multiply, dy, other, context: pullback.context)
      gradients[index] = try pullback.unbroadcast(product, to: index)
    }
    return gradients
  }

  /// `div/1`.
  static let divide = binary(
    .divide, "a / b",
    saving: { call, y in [call.inputs[1], call.needs(1) ? y : nil] }
  ) { pullback, dy in
    var gradients = pullback.none
    guard let b = pullback.saved[0] else { return gradients }
    let quotient = try elementwise(.divide, dy, b, context: pullback.context)
    if pullback.needs(0) { gradients[0] = try pullback.unbroadcast(quotient, to: 0) }
    if pullback.needs(1), let y = pullback.saved[1] {
      // -dy a / b², and a / b is the result.
      let product = try elementwise(.multiply, quotient, y, context: pullback.context)
      let summed = try pullback.unbroadcast(product, to: 1)
      gradients[1] = try elementwise(.negate, summed, context: pullback.context)
    }
    return gradients
  }

  /// `pow/1`.
  static let power = binary(
    .power, "a to the b; where a is 0, so is the gradient of b",
    saving: { call, y in [call.inputs[0], call.inputs[1], call.needs(1) ? y : nil] }
  ) { pullback, dy in
    var gradients = pullback.none
    guard let a = pullback.saved[0], let b = pullback.saved[1] else { return gradients }
    if pullback.needs(0) {
      gradients[0] = try pullback.unbroadcast(pullback.baseGradient(a, b, dy), to: 0)
    }
    if pullback.needs(1), let y = pullback.saved[2] {
      gradients[1] = try pullback.unbroadcast(pullback.exponentGradient(a, y, dy), to: 1)
    }
    return gradients
  }

  static func binary(
    _ op: BinaryOp, _ summary: String,
    saving: @escaping @Sendable (OpInvocation, _ y: Tensor) -> [Tensor?] = { _, _ in [] },
    gradient: @escaping @Sendable (OpPullback, _ dy: Tensor) throws -> [Tensor?]
  ) -> OpDefinition {
    OpDefinition(
      name: op.name, version: 1, inputCount: 2...2, summary: summary,
      infer: { inputs, _ in [try ShapeInference.elementwise(op, inputs[0], inputs[1])] },
      forward: { call in
        let y = try elementwise(op, call.inputs[0], call.inputs[1], context: call.context)
        return call.isRecorded ? OpResult(y, saved: saving(call, y)) : OpResult(y)
      },
      direct: { inputs, _, context in
        try elementwise(op, inputs[0], inputs[1], context: context)
      },
      vjp: { pullback in
        guard let dy = pullback.outputGradients[0] else { return pullback.none }
        return try gradient(pullback, dy)
      })
  }
}

extension OpPullback {
  /// `dy · b · a^(b-1)`, and 0 where b is 0: there the power is 1 whatever a, but the formula would
  /// multiply 0 by infinity at a = 0.
  fileprivate func baseGradient(_ a: Tensor, _ b: Tensor, _ dy: Tensor) throws -> Tensor {
    let less = try elementwise(.subtract, b, scalar(1, b.dtype), context: context)
    let power = try elementwise(.power, a, less, context: context)
    let slope = try elementwise(.multiply, b, power, context: context)
    let product = try elementwise(.multiply, dy, slope, context: context)
    let zero = try scalar(0, b.dtype)
    let isConstant = try compare(.equal, b, zero, context: context)
    return try select(isConstant, zero, product, context: context)
  }

  /// `dy · y · log a`, and 0 where a is 0, where the formula would multiply 0 by infinity.
  fileprivate func exponentGradient(_ a: Tensor, _ y: Tensor, _ dy: Tensor) throws -> Tensor {
    let logarithm = try elementwise(.log, a, context: context)
    let slope = try elementwise(.multiply, y, logarithm, context: context)
    let product = try elementwise(.multiply, dy, slope, context: context)
    let zero = try scalar(0, a.dtype)
    let isZero = try compare(.equal, a, zero, context: context)
    return try select(isZero, zero, product, context: context)
  }
}
