import TensorKernels
import Testing

@Suite struct CrossEntropyTests {
  struct Result {
    var loss = -1.0
    var weightSum = -1.0
    var badRow: Int64 = 0
    var probabilities: [Float] = []
    var gradient: [Float] = []
  }

  static func run(
    _ kernels: tk_kernels, rows: Int, columns: Int, logits: [Float], targets: [Int64],
    weights: [Float]?
  ) throws -> Result {
    let entropy = kernels.f32.pointee.cross_entropy
    let x = try GuardedArray(logits)
    let t = try GuardedArray(targets)
    let w = try weights.map { try GuardedArray($0) }
    let p = try GuardedArray([Float](repeating: -1, count: rows * columns))
    let dx = try GuardedArray([Float](repeating: -2, count: rows * columns))
    var result = Result()
    let forward = try #require(entropy.forward)
    result.badRow = forward(
      rows, columns, x.start, t.start, w?.start, p.start, &result.weightSum, &result.loss)
    if result.badRow < 0 {
      entropy.backward?(
        rows, columns, p.start, t.start, w?.start, result.weightSum, 3, dx.start)
    }
    result.probabilities = p.elements
    result.gradient = dx.elements
    return result
  }

  @Test("loss, probabilities and gradient equal the reference", arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for (rows, columns) in [(1, 1), (3, 2), (5, 7), (20, 10), (4, 16), (9, 33), (2, 5000)] {
      let logits = randomFloats(rows * columns, seed: 1, range: 20)
      let targets = (0..<rows).map { Int64(($0 * 5) % columns) }
      for weights in [nil, (0..<columns).map { Float($0 % 3) + 0.5 }] {
        let fast = try Self.run(
          variant.kernels, rows: rows, columns: columns, logits: logits, targets: targets,
          weights: weights)
        let slow = try Self.run(
          KernelVariant.reference.kernels, rows: rows, columns: columns, logits: logits,
          targets: targets, weights: weights)
        #expect(abs(fast.loss - slow.loss) < 1e-6)
        #expect(fast.weightSum == slow.weightSum)
        expectClose(
          fast.probabilities, slow.probabilities, relative: 5e-6, absolute: 1e-37, "probabilities")
        expectClose(fast.gradient, slow.gradient, relative: 1e-5, absolute: 1e-6, "gradient")
      }
    }
  }

  @Test(
    "the loss is the same without probabilities, and with them over the logits",
    arguments: KernelVariant.fast + [.reference])
  func places(variant: KernelVariant) throws {
    let forward = try #require(variant.kernels.f32.pointee.cross_entropy.forward)
    let logits = randomFloats(5 * 37, seed: 2, range: 20)
    let targets: [Int64] = [0, 36, 5, 17, 32]
    let whole = try Self.run(
      variant.kernels, rows: 5, columns: 37, logits: logits, targets: targets, weights: nil)
    var (sum, loss) = (0.0, 0.0)
    #expect(forward(5, 37, logits, targets, nil, nil, &sum, &loss) == -1)
    #expect(loss == whole.loss && sum == 5)
    let x = try GuardedArray(logits)
    #expect(forward(5, 37, x.start, targets, nil, x.start, &sum, &loss) == -1)
    #expect(loss == whole.loss)
    #expect(x.elements == whole.probabilities)
  }

  @Test("a probability that underflows still has a finite loss", arguments: KernelVariant.fast)
  func underflow(variant: KernelVariant) throws {
    let result = try Self.run(
      variant.kernels, rows: 1, columns: 2, logits: [0, 500], targets: [0], weights: nil)
    #expect(result.loss == 500)
  }

  @Test("a loss of NaN where a logit is, and without rows", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    for hostile: Float in [.nan, .infinity] {
      let result = try Self.run(
        variant.kernels, rows: 1, columns: 3, logits: [0, hostile, 1], targets: [0], weights: nil)
      #expect(result.loss.isNaN)
      #expect(result.probabilities.allSatisfy { $0.isNaN })
    }
    let empty = try Self.run(
      variant.kernels, rows: 0, columns: 3, logits: [], targets: [], weights: nil)
    #expect(empty.loss.isNaN && empty.weightSum == 0 && empty.badRow == -1)
  }

  @Test(
    "the first row whose target is no class is named, and nothing is written",
    arguments: KernelVariant.fast + [.reference])
  func badTarget(variant: KernelVariant) throws {
    for target: Int64 in [-1, 3, .max, .min] {
      let result = try Self.run(
        variant.kernels, rows: 3, columns: 3, logits: [Float](repeating: 0, count: 9),
        targets: [2, target, 77], weights: nil)
      #expect(result.badRow == 1)
      #expect(result.probabilities.allSatisfy { $0 == -1 })
      #expect(result.loss == -1 && result.weightSum == -1)
    }
  }

  @Test("f64 cross-entropy, by hand")
  func doubles() throws {
    let entropy = try KernelVariant.reference.kernels.f64.pointee.cross_entropy
    var p = [Double](repeating: 9, count: 4)
    var (sum, loss) = (0.0, 0.0)
    let targets: [Int64] = [1, 0]
    let weights: [Double] = [1, 3]
    let forward = try #require(entropy.forward)
    let bad = forward(
      2, 2, [0, 0, 1, 0] as [Double], targets, weights, &p, &sum, &loss)
    // (3 log 2 + 1 (log(1 + e) - 1)) / 4 by Python.
    #expect(bad == -1 && sum == 4 && abs(loss - 0.598_175_807_299_514_7) < 1e-14)
    var dx = [Double](repeating: 9, count: 2)
    entropy.backward?(1, 2, [0.25, 0.75] as [Double], targets, nil, 2, 8, &dx)
    #expect(dx == [1, -1])
  }
}
