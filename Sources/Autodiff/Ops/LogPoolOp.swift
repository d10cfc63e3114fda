import TensorCore

extension OpDefinition {
  /// `log_pool/1`: the weighted log-linear pool of several members' log-probabilities.
  static let logPool = OpDefinition(
    name: "log_pool", version: 1, inputCount: 2...2,
    summary: "x [members, rows, columns], weights [members] → [rows, columns]: "
      + "log softmax of the weighted sum",
    infer: { inputs, _ in [try ShapeInference.logPool(inputs[0], weights: inputs[1])] },
    forward: { call in
      let (x, weights) = (call.inputs[0], call.inputs[1])
      let y = try TensorCore.logPool(x, weights: weights, context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      return OpResult(y, saved: [y, call.needs(1) ? x : nil, call.needs(0) ? weights : nil])
    },
    vjp: { pullback in
      var gradients = pullback.none
      guard let dy = pullback.outputGradients[0], let y = pullback.saved[0] else {
        return gradients
      }
      // y = z - logsumexp(z) of the weighted sum z.
      let dz = try logSoftmaxGradient(output: y, dy, context: pullback.context)
      if pullback.needs(0), let weights = pullback.saved[2] {
        let column = try weights.reshaped([weights.shape[0], 1, 1])
        gradients[0] = try elementwise(.multiply, column, dz, context: pullback.context)
      }
      if pullback.needs(1), let x = pullback.saved[1] {
        gradients[1] = try pullback.weightGradient(x, dz)
      }
      return gradients
    })
}

extension OpPullback {
  /// `Σ x_m · dz` for each member.
  ///
  /// A -∞ adds nothing: with a weight of 0 it was left out, and with another one the pool excludes
  /// the class, so that dz is 0 there unless the loss asks for it and is infinite itself.
  fileprivate func weightGradient(_ x: Tensor, _ dz: Tensor) throws -> Tensor {
    let isExcluded = try compare(.equal, x, scalar(-.infinity, x.dtype), context: context)
    let finite = try select(isExcluded, scalar(0, x.dtype), x, context: context)
    let product = try elementwise(.multiply, finite, dz, context: context)
    return try reduce(.sum, product, over: ReductionAxes([1, 2]), context: context)
  }
}
