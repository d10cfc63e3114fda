import Autodiff
import TensorCore
import Testing

/// All cases, drawn from several seeds.
enum GradientCases {
  static let elementwise = drawn(ElementwiseCases.all)
  static let reductions = drawn(ReductionCases.all)
  static let matrices = drawn(MatrixCases.all)
  static let arrangements = drawn(ArrangementCases.all)

  private static func drawn(_ family: (UInt64) throws -> [GradientCase]) -> [GradientCase] {
    do {
      return try (UInt64(0)..<4).flatMap(family)
    } catch {
      Issue.record("cases cannot be made: \(error)")
      return []
    }
  }
}

@Suite struct GradientTests {
  @Test(
    "of numbers and pairs: central differences, f32 and strided views",
    arguments: GradientCases.elementwise)
  func elementwise(_ gradientCase: GradientCase) throws { try gradientCase.check() }

  @Test(
    "of reductions: central differences, f32 and strided views",
    arguments: GradientCases.reductions)
  func reductions(_ gradientCase: GradientCase) throws { try gradientCase.check() }

  @Test(
    "of products: central differences, f32 and strided views", arguments: GradientCases.matrices)
  func matrices(_ gradientCase: GradientCase) throws { try gradientCase.check() }

  @Test(
    "of arrangements: central differences, f32 and strided views",
    arguments: GradientCases.arrangements)
  func arrangements(_ gradientCase: GradientCase) throws { try gradientCase.check() }

  @Test("every differentiable operation has a gradient case, and no other has")
  func completeness() {
    let all =
      GradientCases.elementwise + GradientCases.reductions + GradientCases.matrices
      + GradientCases.arrangements
    let differentiable = OpRegistry.standard.all.filter(\.isDifferentiable).map(\.id)
    #expect(Set(all.map(\.op)) == Set(differentiable))
  }
}

/// Gradients where a formula has a kink or a pole: differences cannot tell.
@Suite struct SpecialGradientTests {
  let registry = OpRegistry.standard
  let context: ComputeContext

  init() throws { context = try ComputeContext(seed: 4) }

  /// Gradients of the sum of the first output with respect to all f64 inputs.
  func gradients(
    _ op: String, _ inputs: [Tensor], _ attributes: OpAttributes = .none
  ) throws -> [[Double]] {
    let tape = Tape()
    let variables = inputs.filter { $0.dtype == .f64 }
    for variable in variables { try tape.watch(variable) }
    let y = try registry.run(op, inputs, attributes: attributes, context: context, tape: tape)
    let loss = try registry.run("sum/1", [y[0]], context: context, tape: tape)[0]
    return try tape.gradient(of: loss, withRespectTo: variables, context: context)
      .map { try $0.reals() }
  }

  func vector(_ values: Double...) throws -> Tensor { try Tensor(values) }

  @Test("equal numbers share the gradient of maximum and minimum half and half")
  func ties() throws {
    let (a, b) = (try vector(1, 2, 3), try vector(2, 2, 1))
    #expect(try gradients("maximum/1", [a, b]) == [[0, 0.5, 1], [1, 0.5, 0]])
    #expect(try gradients("minimum/1", [a, b]) == [[1, 0.5, 0], [0, 0.5, 1]])
  }

  @Test("equal extremes share the gradient of max and min evenly")
  func sharedExtremes() throws {
    let x = try Tensor([3, 1, 3, 0, 0, 0] as [Double], [2, 3])
    let axes = OpAttributes.reduce(.init([1]), correction: 0)
    let third = 1.0 / 3
    #expect(try gradients("max/1", [x], axes) == [[0.5, 0, 0.5, third, third, third]])
    #expect(try gradients("min/1", [x], axes) == [[0, 1, 0, third, third, third]])
  }

  @Test("pow has finite gradients at a base of 0, and PyTorch's elsewhere")
  func powers() throws {
    let (a, b) = (try vector(0, 0, 0, -2), try vector(0, 1, 2, 3))
    let found = try gradients("pow/1", [a, b])
    #expect(found[0] == [0, 1, 0, 12])
    #expect(Array(found[1].prefix(3)) == [0, 0, 0])
    #expect(found[1][3].isNaN)
  }

  @Test("relu and abs have gradient 0 at 0, leaky_relu and elu their slope")
  func kinks() throws {
    let x = try vector(0)
    #expect(try gradients("relu/1", [x]) == [[0]])
    #expect(try gradients("abs/1", [x]) == [[0]])
    #expect(try gradients("leaky_relu/1", [x], .slope(alpha: 0.5)) == [[0.5]])
    #expect(try gradients("elu/1", [x], .slope(alpha: 0.5)) == [[0.5]])
  }

  @Test("the norm of zeros has gradient 0, not NaN, together and over axes")
  func normAtZero() throws {
    let x = try Tensor([0, 0, 3, 4] as [Double], [2, 2])
    let rows = OpAttributes.reduce(.init([1]), correction: 0)
    expectClose(
      try gradients("norm/1", [x], rows)[0], [0, 0, 0.6, 0.8], tolerance: 1e-15, "over rows")
    #expect(try gradients("norm/1", [try Tensor.zeros([3], dtype: .f64)]) == [[0, 0, 0]])
  }

  @Test("norm over axes takes one input, and says so")
  func normOverAxes() throws {
    let x = try vector(1, 2)
    let error = try #require(throws: AutodiffError.self) {
      _ = try registry.run(
        "norm/1", [x, x], attributes: .reduce(.init([0]), correction: 0), context: context)
    }
    #expect(error.description == "norm/1: takes 1 input where axes are named or kept, got 2")
  }

  @Test("log_pool: a member that excludes a class leaves the gradients finite")
  func excludedClass() throws {
    let x = try Tensor([-1, -2, -3, -0.5, -.infinity, -1.5] as [Double], [2, 1, 3])
    for weights in [[0.5, 0], [0.5, 0.25]] {
      let tape = Tape()
      let w = try Tensor(weights)
      try tape.watch(w)
      let y = try registry.run("log_pool/1", [x, w], context: context, tape: tape)
      let targets = try Tensor([2] as [Int64])
      let loss = try registry.run("cross_entropy/1", y + [targets], context: context, tape: tape)
      let gradient = try tape.gradient(of: loss[0], withRespectTo: [w], context: context)[0]
      #expect(try gradient.elements(as: Double.self).allSatisfy(\.isFinite))
    }
  }

  @Test("dropout passes gradients where it passed values, scaled alike")
  func dropout() throws {
    let x = try Tensor.uniform([7, 9], in: 1..<2, context: context)
    let tape = Tape()
    try tape.watch(x)
    let y = try registry.run(
      "dropout/1", [x], attributes: .dropout(0.4), context: context, tape: tape)
    let loss = try registry.run("sum/1", y, context: context, tape: tape)[0]
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    let (xs, ys, gs): ([Float], [Float], [Float]) = (
      try x.elements(), try y[0].elements(), try gradient.elements()
    )
    #expect(ys.contains(0) && ys.contains { $0 > 0 })
    for (index, x) in xs.enumerated() {
      #expect(abs(ys[index] - x * gs[index]) < 1e-6)
      #expect(gs[index] == 0 || abs(gs[index] - 1 / 0.6) < 1e-6)
    }
  }

  @Test("class weights that depend on a watched tensor are refused")
  func watchedClassWeights() throws {
    let (x, weights) = (try Tensor([1, 2] as [Double], [1, 2]), try vector(1, 2))
    let error = try #require(throws: AutodiffError.self) {
      _ = try gradients("cross_entropy/1", [x, try Tensor([1] as [Int64]), weights])
    }
    #expect(error.code == .notDifferentiable)
    #expect(error.op == "cross_entropy/1")
  }

  @Test("empty tensors have empty gradients")
  func empty() throws {
    let x = try Tensor.zeros([0, 3], dtype: .f64)
    let w = try Tensor.zeros([3, 2], dtype: .f64)
    #expect(try gradients("exp/1", [x]) == [[]])
    #expect(try gradients("add/1", [x, vector(1, 2, 3)]) == [[], [0, 0, 0]])
    #expect(try gradients("matmul/1", [x, w]) == [[], [0, 0, 0, 0, 0, 0]])
    #expect(try gradients("linear/1", [x, w]) == [[], [0, 0, 0, 0, 0, 0]])
    #expect(try gradients("softmax/1", [x]) == [[]])
    #expect(try gradients("concat/1", [x, x], .axis(0, keeps: false)) == [[], []])
  }

  @Test("a cast to whole numbers ends the track quietly; back to f32 the gradient is cast, too")
  func casts() throws {
    let x = try vector(1.5, -2.5)
    let tape = Tape()
    try tape.watch(x)
    let whole = try registry.run(
      "cast/1", [x], attributes: .cast(.i64), context: context, tape: tape)
    #expect(tape.recordedCount == 0)
    #expect(try whole[0].elements(as: Int64.self) == [1, -2])
    let single = try registry.run("cast/1", [x], context: context, tape: tape)[0]
    let loss = try registry.run("sum/1", [single], context: context, tape: tape)[0]
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Double.self) == [1, 1])
  }
}
