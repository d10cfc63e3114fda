import TensorCore

extension OpDefinition {
  /// Comparisons of two numbers: truth values, so without gradients.
  static let comparisons: [OpDefinition] = [
    comparison(.equal, "a == b → bool"),
    comparison(.notEqual, "a != b → bool"),
    comparison(.less, "a < b → bool"),
    comparison(.lessEqual, "a <= b → bool"),
    comparison(.greater, "a > b → bool"),
    comparison(.greaterEqual, "a >= b → bool"),
  ]

  /// `where/1`.
  static let maskedChoice = OpDefinition(
    name: "where", version: 1, inputCount: 3...3,
    summary: "mask bool, a, b: a where the mask is true, else b; any element type",
    infer: { inputs, _ in [try ShapeInference.select(inputs[0], inputs[1], inputs[2])] },
    forward: { call in
      let y = try TensorCore.select(
        call.inputs[0], call.inputs[1], call.inputs[2], context: call.context)
      return OpResult(y, saved: call.isRecorded ? [call.inputs[0]] : [])
    },
    vjp: { pullback in
      var gradients = pullback.none
      guard let dy = pullback.outputGradients[0], let mask = pullback.saved[0] else {
        return gradients
      }
      let zero = try pullback.scalar(0, dy.dtype)
      for (index, pair) in [(1, (dy, zero)), (2, (zero, dy))] where pullback.needs(index) {
        let share = try TensorCore.select(mask, pair.0, pair.1, context: pullback.context)
        gradients[index] = try pullback.unbroadcast(share, to: index)
      }
      return gradients
    })

  private static func comparison(_ op: Comparison, _ summary: String) -> OpDefinition {
    OpDefinition(
      name: op.name, version: 1, inputCount: 2...2, summary: summary,
      infer: { inputs, _ in [try ShapeInference.compare(op, inputs[0], inputs[1])] },
      forward: { call in
        OpResult(try compare(op, call.inputs[0], call.inputs[1], context: call.context))
      })
  }
}
