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

  @Test("one step of each rule, by hand", arguments: KernelVariant.fast + [.reference])
  func oneStep(variant: KernelVariant) throws {
    let optimizer = try variant.kernels.optimizer
    var parameter: [Float] = [1, -2]
    var velocity: [Float] = [4, 0]
    var rule = tk_sgd(learning_rate: 0.5, momentum: 0.5, weight_decay: 0.25)
    // g' = [2.25, -0.5], v = [4.25, -0.5]
    optimizer.sgd_f32(2, &rule, &parameter, [2, 0], &velocity)
    #expect(velocity == [4.25, -0.5])
    #expect(parameter == [-1.125, -1.75])
    var adam = tk_adam(
      learning_rate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0, weight_decay: 0.5,
      correction1: 0.5, correction2: 0.25)
    parameter = [4, 4]
    var (first, second): ([Float], [Float]) = ([0, 0], [0, 0])
    // After the first step both corrected moments are g and g², so that the step has length 0.5.
    optimizer.adam_f32(2, &adam, &parameter, [2, -8], &first, &second)
    #expect(first == [1, -4] && second == [1, 16])
    expectClose(parameter, [2.5, 3.5], relative: 1e-6, "adam")
  }

  @Test("NaN and infinity stay in their parameter", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    var rule = tk_adam(
      learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 0,
      correction1: 0.1, correction2: 0.01)
    var gradient = randomFloats(37, seed: 6)
    gradient[5] = .nan
    gradient[36] = .infinity
    var parameter = randomFloats(37, seed: 7)
    var first = [Float](repeating: 0, count: 37)
    var second = first
    try variant.kernels.optimizer.adam_f32(37, &rule, &parameter, gradient, &first, &second)
    for (index, value) in parameter.enumerated() {
      #expect(value.isNaN == [5, 36].contains(index), "parameter \(index)")
    }
  }
}
