extension OpRegistry {
  /// The operations that every host has, a file a family in `Ops/`.
  static let standardOps: [OpDefinition] =
    OpDefinition.unaryOps + OpDefinition.comparisons + [
      .scale, .leakyRelu, .elu, .gelu,
      .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .maskedChoice, .cast,
      .sum, .mean, .variance, .logsumexp, .max, .min, .norm, .argmax, .argmin,
      .matmul, .linear,
      .softmax, .logSoftmax, .crossEntropy, .logPool, .layerNorm, .rmsNorm,
      .embedding, .gather, .scatterAdd, .embeddingBag,
      .concat, .stack, .split, .pad, .slice, .reshape, .transpose, .flip, .broadcast,
      .sort, .topK, .dropout,
      .sgdStep, .adamStep, .accumulate, .clipNorm,
    ]
}
