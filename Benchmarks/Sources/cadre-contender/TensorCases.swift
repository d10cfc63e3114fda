import TensorCore

/// Public operations of TensorCore, as the host calls them: checks and the result's memory included.
func tensorWork(_ words: CaseWords, _ context: ComputeContext) throws -> Work {
  switch words.kind {
  case "unary":
    guard let op = UnaryOp.allCases.first(where: { $0.name == (try? words.word(0)) }) else {
      throw NoSuchCase(words: words.text)
    }
    let x = try randomTensor(words.number(1))
    return Work { _ = try elementwise(op, x, context: context) }
  case "binary":
    let (a, b) = (try randomTensor(words.number(1)), try randomTensor(words.number(1)))
    return Work { _ = try elementwise(.add, a, b, context: context) }
  case "sum":
    let x = try randomTensor(words.number(0))
    return Work { _ = try reduce(.sum, x, context: context) }
  case "softmax":
    let x = try randomTensor(words.number(0), words.number(1))
    return Work { _ = try softmax(x, context: context) }
  case "layer_norm":
    let columns = try words.number(1)
    let x = try randomTensor(words.number(0), columns)
    let (scale, shift) = (try randomTensor(columns), try randomTensor(columns))
    return Work { _ = try layerNorm(x, scale: scale, shift: shift, context: context) }
  default: throw NoSuchCase(words: words.text)
  }
}

/// A layer with weights that stay, so that they are packed at the second call and kept.
func linearWork(_ words: CaseWords, _ context: ComputeContext) throws -> Work {
  let (m, k, n) = (try words.number(0), try words.number(1), try words.number(2))
  let activation: Activation = try words.word(3) == "gelu" ? .gelu : .identity
  let x = try randomTensor(m, k)
  let (w, bias) = (try randomTensor(k, n), try randomTensor(n))
  return Work { _ = try linear(x, w, bias: bias, activation: activation, context: context) }
}

/// A tensor of numbers in -1 ..< 1.
func randomTensor(_ dimensions: Int...) throws -> Tensor {
  try Tensor(randomFloats(dimensions.reduce(1, *)), dimensions)
}
