extension OpRegistry {
  /// The operations that every host has, a file a family in `Ops/`.
  static let standardOps: [OpDefinition] = [
    .matmul, .add, .multiply, .scale, .relu, .tanh, .softmax, .logSoftmax, .crossEntropy,
    .dropout, .embeddingBag, .sum, .mean, .concat, .argmax, .norm, .sgdStep, .adamStep,
  ]
}
