import TensorKernels
import Testing

@Suite struct OptimizerTests {
  @Test(
    "gradient descent equals the reference, with velocity and without",
    arguments: KernelVariant.fast)
  func sgd(variant: KernelVariant) throws {
    for size in KernelVariant.sizes {
      for hasVelocity in [false, true] {
        var rule = tk_sgd(learning_rate: 0.1, momentum: hasVelocity ? 0.9 : 0, weight_decay: 0.01)
        let gradient = try GuardedArray(randomFloats(size, seed: 1))
        var results: [[Float]] = []
        for kernels in [try variant.kernels, try KernelVariant.reference.kernels] {
          let parameter = try GuardedArray(randomFloats(size, seed: 2))
          let velocity = try GuardedArray(randomFloats(size, seed: 3))
          kernels.optimizer.sgd_f32(
            size, &rule, parameter.start, gradient.start, hasVelocity ? velocity.start : nil)
          results.append(parameter.elements + velocity.elements)
        }
        expectClose(results[0], results[1], relative: 1e-6, absolute: 1e-6, "sgd of \(size)")
      }
    }
  }

  @Test("Adam with decoupled decay equals the reference", arguments: KernelVariant.fast)
  func adam(variant: KernelVariant) throws {
    var rule = tk_adam(
      learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 0.1,
      correction1: 0.19, correction2: 0.0199)
    for size in KernelVariant.sizes {
      let gradient = try GuardedArray(randomFloats(size, seed: 1))
      var results: [[Float]] = []
      for kernels in [try variant.kernels, try KernelVariant.reference.kernels] {
        let parameter = try GuardedArray(randomFloats(size, seed: 2))
        let first = try GuardedArray(randomFloats(size, seed: 3))
        let second = try GuardedArray(randomFloats(size, seed: 4).map(abs))
        kernels.optimizer.adam_f32(
          size, &rule, parameter.start, gradient.start, first.start, second.start)
        results.append(parameter.elements + first.elements + second.elements)
      }
      expectClose(results[0], results[1], relative: 1e-5, absolute: 1e-6, "adam of \(size)")
    }
  }

  @Test(
    "a parameter that never had a gradient stays finite under Adam", arguments: KernelVariant.fast)
  func adamAtZero(variant: KernelVariant) throws {
    var rule = tk_adam(
      learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 0,
      correction1: 0.1, correction2: 0.01)
    let values = randomFloats(37, seed: 5)
    let (parameter, zeros) = (try GuardedArray(values), [Float](repeating: 0, count: 37))
    let (first, second) = (try GuardedArray(zeros), try GuardedArray(zeros))
    try variant.kernels.optimizer.adam_f32(
      37, &rule, parameter.start, zeros, first.start, second.start)
    #expect(parameter.elements == values)
  }
}
