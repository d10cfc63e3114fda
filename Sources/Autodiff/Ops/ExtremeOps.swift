import TensorCore

extension OpDefinition {
  /// `maximum/1`.
  static let maximum = extreme(
    .maximum, "the larger of a and b; equal ones share the gradient half and half",
    winning: .greater)

  /// `minimum/1`.
  static let minimum = extreme(
    .minimum, "the smaller of a and b; equal ones share the gradient half and half", winning: .less)

  private static func extreme(
    _ op: BinaryOp, _ summary: String, winning: Comparison
  ) -> OpDefinition {
    binary(op, summary, saving: { call, _ in call.inputs }) { pullback, dy in
      var gradients = pullback.none
      guard let a = pullback.saved[0], let b = pullback.saved[1] else { return gradients }
      let context = pullback.context
      let half = try elementwise(.scale, dy, alpha: 0.5, context: context)
      let isTie = try compare(.equal, a, b, context: context)
      let rest = try select(isTie, half, pullback.scalar(0, dy.dtype), context: context)
      for (index, pair) in [(a, b), (b, a)].enumerated() where pullback.needs(index) {
        let isWinner = try compare(winning, pair.0, pair.1, context: context)
        let share = try select(isWinner, dy, rest, context: context)
        gradients[index] = try pullback.unbroadcast(share, to: index)
      }
      return gradients
    }
  }
}
