import TensorCore

extension OpDefinition {
  /// Operations on one number, without attributes.
  static let unaryOps: [OpDefinition] = [
    unary(.negate, "-x; also whole numbers"),
    unary(.abs, "|x|; also whole numbers; the gradient at 0 is 0"),
    unary(.exp, "e to the x"),
    unary(.log, "natural logarithm"),
    unary(.sqrt, "square root"),
    unary(.rsqrt, "1 / sqrt(x)"),
    unary(.sin, "sine of radians"),
    unary(.cos, "cosine of radians"),
    unary(.tanh, "hyperbolic tangent"),
    unary(.erf, "error function"),
    unary(.sigmoid, "1 / (1 + exp(-x))"),
    unary(.relu, "max(x, 0); the gradient at 0 is 0"),
    unary(.silu, "x * sigmoid(x)"),
  ]

  /// `scale/1`.
  static let scale = unary(
    "scale", "factor * x", attributes: .scale(1), choice: { (.scale, $0.factor) })

  /// `leaky_relu/1`.
  static let leakyRelu = unary(
    "leaky_relu", "x above 0, else alpha * x", attributes: .slope(alpha: 0.01),
    choice: { (.leakyRelu, $0.alpha) })

  /// `elu/1`.
  static let elu = unary(
    "elu", "x above 0, else alpha * (exp(x) - 1)", attributes: .slope(alpha: 1),
    choice: { (.elu, $0.alpha) })

  /// `gelu/1`: with erf, or approximated by tanh.
  static let gelu = unary(
    "gelu", "x times the normal distribution function of x", attributes: .gelu(approximate: false),
    choice: { ($0.isApproximate ? .geluTanh : .gelu, 1) })

  private static func unary(_ op: UnaryOp, _ summary: String) -> OpDefinition {
    unary(op.name, summary, attributes: .none, choice: { _ in (op, 1) })
  }

  private static func unary(
    _ name: String, _ summary: String, attributes: OpAttributes,
    choice: @escaping @Sendable (OpAttributes) -> (op: UnaryOp, alpha: Double)
  ) -> OpDefinition {
    OpDefinition(
      name: name, version: 1, inputCount: 1...1, defaultAttributes: attributes, summary: summary,
      infer: { inputs, attributes in
        [try ShapeInference.elementwise(choice(attributes).op, inputs[0])]
      },
      forward: { call in
        let (op, alpha) = choice(call.attributes)
        let x = call.inputs[0]
        let y = try elementwise(op, x, alpha: alpha, context: call.context)
        guard call.isRecorded else { return OpResult(y) }
        // What is made from the output saves that: it often lives on anyway as the next input.
        switch op.gradientReads {
        case .nothing: return OpResult(y)
        case .input: return OpResult(y, saved: [x])
        case .output: return OpResult(y, saved: [y])
        }
      },
      direct: { inputs, attributes, context in
        let (op, alpha) = choice(attributes)
        return try elementwise(op, inputs[0], alpha: alpha, context: context)
      },
      vjp: { pullback in
        guard let dy = pullback.outputGradients[0] else { return [nil] }
        let (op, alpha) = choice(pullback.attributes)
        let saved = pullback.saved.first ?? nil
        return [
          try elementwiseGradient(op, saved: saved, dy, alpha: alpha, context: pullback.context)
        ]
      })
  }
}
