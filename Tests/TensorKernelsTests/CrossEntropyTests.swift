import TensorKernels
import Testing

@Suite struct CrossEntropyTests {
  static func run(
    _ kernels: tk_kernels, rows: Int, columns: Int, logits: [Float], targets: [Int64],
    weights: [Float]?
  ) throws -> (loss: Float, probabilities: [Float], gradient: [Float], badRow: Int64) {
    let x = try GuardedArray(logits)
    let t = try GuardedArray(targets)
    let w = try weights.map { try GuardedArray($0) }
    let p = try GuardedArray([Float](repeating: -1, count: rows * columns))
    let dx = try GuardedArray([Float](repeating: -2, count: rows * columns))
    var weightSum = -1.0
    var loss: Float = -1
    let badRow = kernels.cross_entropy.forward_f32(
      rows, columns, x.start, t.start, w?.start, p.start, &weightSum, &loss)
    if badRow < 0 {
      kernels.cross_entropy.backward_f32(
        rows, columns, p.start, t.start, w?.start, weightSum, 3, dx.start)
    }
    return (loss, p.elements, dx.elements, badRow)
  }

  @Test("loss, probabilities and gradient equal the reference", arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for (rows, columns) in [(1, 1), (3, 2), (5, 7), (4, 16), (9, 33)] {
      let logits = randomFloats(rows * columns, seed: 1, range: 20)
      let targets = (0..<rows).map { Int64(($0 * 5) % columns) }
      for weights in [nil, (0..<columns).map { Float($0 % 3) + 0.5 }] {
        let fast = try Self.run(
          variant.kernels, rows: rows, columns: columns, logits: logits, targets: targets,
          weights: weights)
        let slow = try Self.run(
          KernelVariant.reference.kernels, rows: rows, columns: columns, logits: logits,
          targets: targets, weights: weights)
        expectClose([fast.loss], [slow.loss], relative: 1e-6, absolute: 1e-6, "loss")
        expectClose(
          fast.probabilities, slow.probabilities, relative: 5e-6, absolute: 1e-37, "probabilities")
        expectClose(fast.gradient, slow.gradient, relative: 1e-5, absolute: 1e-6, "gradient")
      }
    }
  }

  @Test("a probability that underflows still has a finite loss", arguments: KernelVariant.fast)
  func underflow(variant: KernelVariant) throws {
    let result = try Self.run(
      variant.kernels, rows: 1, columns: 2, logits: [0, 500], targets: [0], weights: nil)
    #expect(result.loss == 500)
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
    }
  }
}
