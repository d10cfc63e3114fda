/// How weights begin.
public enum Initialiser: Sendable, Hashable {
  /// Zeros: for biases.
  case zeros
  /// Uniform in `±√(6 / (in + out))`; before tanh and softmax. Glorot and Bengio (2010), eq. 16.
  case glorotUniform
  /// Uniform in `±√(6 / in)`; before ReLU. He et al., "Delving deep into rectifiers" (2015).
  case heUniform
  /// Normal with standard deviation `√(2 / in)`; before ReLU. He et al. (2015), eq. 10.
  case heNormal

  /// Weights of a layer.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - fanIn: inputs of a unit; with sparse input the number that are not zero.
  ///   - fanOut: units that an input goes to.
  ///   - random: the stream to draw from.
  /// - Complexity: O(count).
  public func values(
    _ count: Int, fanIn: Int, fanOut: Int, random: inout CounterRandom
  ) -> [Float] {
    let (fanIn, fanOut) = (Double(max(1, fanIn)), Double(max(1, fanOut)))
    switch self {
    case .zeros: return [Float](repeating: 0, count: count)
    case .glorotUniform:
      return Self.uniform(count, bound: (6 / (fanIn + fanOut)).squareRoot(), &random)
    case .heUniform: return Self.uniform(count, bound: (6 / fanIn).squareRoot(), &random)
    case .heNormal:
      let deviation = (2 / fanIn).squareRoot()
      return (0..<count).map { _ in Float(deviation * random.normal()) }
    }
  }

  private static func uniform(
    _ count: Int, bound: Double, _ random: inout CounterRandom
  ) -> [Float] {
    (0..<count).map { _ in Float(random.uniform(in: -bound...bound)) }
  }
}
