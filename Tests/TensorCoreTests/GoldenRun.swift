import TensorCore

/// Runs the operation that a golden case names.
func run(_ golden: GoldenCase, _ x: [Tensor], _ context: ComputeContext) throws -> [Tensor] {
  let p = golden.parameters
  let axes = ReductionAxes(p.axes, keepAxes: p.keep ?? false)
  if let op = UnaryOp.allCases.first(where: { $0.name == golden.name }) {
    return [try elementwise(op, x[0], alpha: p.alpha ?? 1, context: context)]
  }
  if let op = BinaryOp.allCases.first(where: { $0.name == golden.name }) {
    return [try elementwise(op, x[0], x[1], context: context)]
  }
  if let op = Comparison.allCases.first(where: { $0.name == golden.name }) {
    return [try compare(op, x[0], x[1], context: context)]
  }
  if let op = ReductionOp.allCases.first(where: { $0.name == golden.name }) {
    return [try reduce(op, x[0], over: axes, correction: p.correction ?? 0, context: context)]
  }
  let axis = p.axis ?? -1
  switch golden.name {
  case "where": return [try select(x[0], x[1], x[2], context: context)]
  case "cast":
    return [try cast(x[0], to: DType(named: p.to ?? "") ?? .f32, context: context)]
  case "argmax": return [try position(.argmax, x[0], axis: axis, context: context)]
  case "argmin": return [try position(.argmin, x[0], axis: axis, context: context)]
  case "matmul":
    return [
      try matmul(
        x[0], x[1], transposeA: p.transposeA ?? false, transposeB: p.transposeB ?? false,
        context: context)
    ]
  case "linear":
    let activation = Activation.allCases.first { ($0.unary?.name ?? "identity") == p.activation }
    // Twice, since the second call takes packed weights.
    let results = try (0..<3).map { _ in
      try linear(
        x[0], x[1], bias: x.count > 2 ? x[2] : nil, transposeW: p.transposeW ?? false,
        activation: activation ?? .identity, context: context
      ).output
    }
    return [results[2]]
  case "softmax": return [try softmax(x[0], axis: axis, context: context)]
  case "log_softmax": return [try logSoftmax(x[0], axis: axis, context: context)]
  case "layer_norm":
    let (scale, shift) = (x.count > 1 ? x[1] : nil, x.count > 2 ? x[2] : nil)
    return [try layerNorm(x[0], scale: scale, shift: shift, context: context).output]
  case "rms_norm": return [try rmsNorm(x[0], scale: x[1], context: context).output]
  case "cross_entropy":
    return [
      try crossEntropy(
        x[0], targets: x[1], weights: x.count > 2 ? x[2] : nil, context: context
      ).loss
    ]
  case "log_pool": return [try logPool(x[0], weights: x[1], context: context)]
  case "embedding": return [try embedding(x[0], x[1], context: context)]
  case "gather": return [try gather(x[0], x[1], axis: axis, context: context)]
  case "scatter_add": return [try scatterAdd(x[0], x[1], x[2], axis: axis, context: context)]
  default: return try rearranged(golden, x, axis: axis, context)
  }
}

private func rearranged(
  _ golden: GoldenCase, _ x: [Tensor], axis: Int, _ context: ComputeContext
) throws -> [Tensor] {
  let p = golden.parameters
  switch golden.name {
  case "concat": return [try concat(x, axis: axis, context: context)]
  case "split": return try split(x[0], lengths: p.lengths ?? [], axis: axis, context: context)
  case "stack": return [try stack(x, axis: axis, context: context)]
  case "pad":
    return [
      try pad(
        x[0], before: p.before ?? [], after: p.after ?? [], value: p.value ?? 0, context: context)
    ]
  case "slice":
    let (begins, ends, steps) = (p.begins ?? [], p.ends ?? [], p.steps ?? [])
    let ranges = begins.indices.map {
      SliceRange(begin: begins[$0], end: ends[$0], step: steps[$0])
    }
    return [try slice(x[0], ranges, context: context)]
  case "flip": return [try flip(x[0], axes: p.axes, context: context)]
  case "transpose": return [try transpose(x[0], axes: p.axes, context: context)]
  case "reshape": return [try x[0].reshaped(p.shape ?? [])]
  case "broadcast": return [try broadcast(x[0], to: Shape(p.shape ?? []), context: context)]
  case "sort":
    let (values, positions) = try sort(
      x[0], axis: axis, descending: p.descending ?? false, context: context)
    return [values, positions]
  case "top_k":
    let (values, positions) = try topK(
      x[0], k: p.k ?? 1, axis: axis, smallest: p.smallest ?? false, context: context)
    return [values, positions]
  default: throw UnknownCase(name: golden.name)
  }
}

struct UnknownCase: Error {
  let name: String
}
