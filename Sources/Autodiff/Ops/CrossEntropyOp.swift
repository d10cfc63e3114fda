import TensorCore

extension OpDefinition {
  /// `cross_entropy/1`: logits and targets, with or without class weights.
  static let crossEntropy = OpDefinition(
    name: "cross_entropy", version: 1, inputCount: 2...3,
    summary: "logits [rows, classes], targets i64 [rows], optional weights [classes] → mean loss",
    infer: { inputs, _ in
      [
        try ShapeInference.crossEntropy(
          inputs[0], targets: inputs[1], weights: inputs.count > 2 ? inputs[2] : nil)
      ]
    },
    forward: { call in
      let (targets, weights) = (call.inputs[1], call.optional(2))
      let result = try TensorCore.crossEntropy(
        call.inputs[0], targets: targets, weights: weights, keepsProbabilities: call.isRecorded,
        context: call.context)
      guard call.isRecorded else { return OpResult(result.loss) }
      let weightSum = try Tensor.scalar(result.weightSum, account: call.context.memory)
      return OpResult(
        result.loss, saved: [result.probabilities, targets, weights, weightSum])
    },
    vjp: { pullback in
      var gradients = pullback.none
      if pullback.needs(2) {
        throw AutodiffError(
          .notDifferentiable, op: "cross_entropy/1",
          message: "class weights are constants; do not watch what they depend on")
      }
      guard let dloss = pullback.outputGradients[0], let probabilities = pullback.saved[0],
        let targets = pullback.saved[1], let weightSum = pullback.saved[3]
      else { return gradients }
      gradients[0] = try crossEntropyGradient(
        probabilities: probabilities, weightSum: weightSum.item(as: Double.self), targets: targets,
        weights: pullback.saved[2], lossGradient: dloss, context: pullback.context)
      return gradients
    })
}
