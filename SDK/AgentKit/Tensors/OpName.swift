/// The operations of every host, version 1 each.
enum OpName: String, CaseIterable {
  // Of one operand, by element.
  case neg, abs, exp, log, sqrt, rsqrt, sin, cos, tanh, erf, sigmoid, relu, elu, gelu, silu, scale
  case leakyRelu = "leaky_relu"
  case cast
  // Of several operands, by element.
  case add, sub, mul, div, pow, maximum, minimum
  case equal, less, greater
  case notEqual = "not_equal"
  case lessEqual = "less_equal"
  case greaterEqual = "greater_equal"
  case choose = "where"
  // Over axes.
  case sum, mean, max, min, logsumexp, variance, norm, argmax, argmin
  // Products of matrices.
  case matmul, linear
  // Along one axis, and what networks end with.
  case softmax, dropout
  case logSoftmax = "log_softmax"
  case crossEntropy = "cross_entropy"
  case logPool = "log_pool"
  case layerNorm = "layer_norm"
  case rmsNorm = "rms_norm"
  // By positions.
  case embedding, gather, sort
  case embeddingBag = "embedding_bag"
  case scatterAdd = "scatter_add"
  case topK = "top_k"
  // Of shapes.
  case concat, split, stack, pad, slice, flip, transpose, reshape, broadcast
  // In place.
  case accumulate
  case sgdStep = "sgd_step"
  case adamStep = "adam_step"
  case clipNorm = "clip_norm"
}
