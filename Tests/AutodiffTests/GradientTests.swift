import Autodiff
import Glibc
import TensorCore
import Testing

@Suite struct GradientTests {
  /// Draws shapes and numbers from a seed.
  struct Source {
    var generator: PhiloxGenerator

    init(seed: UInt64) { generator = PhiloxGenerator(seed: seed, stream: 99) }

    mutating func length() -> Int { Int.random(in: 1...6, using: &generator) }

    mutating func variable(_ shape: [Int]) -> GradientCase.Input {
      .variable(shape, numbers(shape.reduce(1, *)))
    }

    /// Away from 0, where ReLU has its kink.
    mutating func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in
        let size = Double.random(in: 0.05...1.5, using: &generator)
        return Bool.random(using: &generator) ? size : -size
      }
    }
  }

  @Test("matmul, every way of storing the operands", arguments: UInt64(0)..<12)
  func matmul(seed: UInt64) throws {
    var source = Source(seed: seed)
    let (m, n, k) = (source.length(), source.length(), source.length())
    let (tA, tB) = (seed % 2 == 1, seed / 2 % 2 == 1)
    try GradientCase(
      op: "matmul/1", note: "\(m)x\(n)x\(k) \(tA) \(tB)",
      attributes: .matmul(MatmulAttributes(transposeA: tA, transposeB: tB)),
      inputs: [
        source.variable(tA ? [k, m] : [m, k]), source.variable(tB ? [n, k] : [k, n]),
      ],
      formula: {
        GradientFormulas.matmul(
          $0[0], $0[1], m: m, n: n, k: k, transposeA: tA, transposeB: tB)
      }
    ).check()
  }

  @Test("add and mul, of one shape and with a row", arguments: UInt64(0)..<6)
  func arithmetic(seed: UInt64) throws {
    var source = Source(seed: seed)
    let shape = [source.length(), source.length(), source.length()]
    let columns = shape[2]
    for second in [shape, [columns]] {
      let (a, b) = (source.variable(shape), source.variable(second))
      try GradientCase(op: "add/1", note: "\(shape) \(second)", inputs: [a, b]) { x in
        x[0].enumerated().map { $1 + x[1][$0 % x[1].count] }
      }.check()
      try GradientCase(op: "mul/1", note: "\(shape) \(second)", inputs: [a, b]) { x in
        x[0].enumerated().map { $1 * x[1][$0 % x[1].count] }
      }.check()
    }
  }

  @Test("scale, relu, tanh, sum, mean", arguments: UInt64(0)..<6)
  func elementwise(seed: UInt64) throws {
    var source = Source(seed: seed)
    let x = source.variable([source.length(), source.length()])
    try GradientCase(
      op: "scale/1", attributes: .scale(ScaleAttributes(factor: -2.5)), inputs: [x],
      formula: { $0[0].map { $0 * -2.5 } }
    ).check()
    try GradientCase(op: "relu/1", inputs: [x]) { $0[0].map { max($0, 0) } }.check()
    try GradientCase(op: "tanh/1", inputs: [x]) { $0[0].map { Glibc.tanh($0) } }.check()
    try GradientCase(op: "sum/1", inputs: [x]) { [$0[0].reduce(0, +)] }.check()
    try GradientCase(op: "mean/1", inputs: [x]) {
      [$0[0].reduce(0, +) / Double($0[0].count)]
    }.check()
  }

  @Test("softmax and log-softmax", arguments: UInt64(0)..<6)
  func softmax(seed: UInt64) throws {
    var source = Source(seed: seed)
    let columns = source.length() + Int(seed) * 5
    let x = source.variable([source.length(), columns])
    try GradientCase(op: "softmax/1", inputs: [x]) {
      GradientFormulas.logSoftmax($0[0], columns: columns).map { exp($0) }
    }.check()
    try GradientCase(op: "log_softmax/1", inputs: [x]) {
      GradientFormulas.logSoftmax($0[0], columns: columns)
    }.check()
  }

  @Test("cross-entropy, plain and with class weights", arguments: UInt64(0)..<6)
  func crossEntropy(seed: UInt64) throws {
    var source = Source(seed: seed)
    let (rows, columns) = (source.length(), source.length() + 1)
    let x = source.variable([rows, columns])
    let targets = (0..<rows).map { _ in Int.random(in: 0..<columns, using: &source.generator) }
    let targetTensor = try Tensor(targets.map(Int64.init))
    try GradientCase(op: "cross_entropy/1", inputs: [x, .constant(targetTensor)]) {
      GradientFormulas.crossEntropy($0[0], columns: columns, targets: targets, weights: nil)
    }.check()
    let weights = (0..<columns).map { Double($0) + 0.5 }
    let weightTensor = try Tensor(weights.map(Float.init))
    try GradientCase(
      op: "cross_entropy/1", note: "weighted",
      inputs: [x, .constant(targetTensor), .constant(weightTensor)],
      formula: {
        GradientFormulas.crossEntropy($0[0], columns: columns, targets: targets, weights: weights)
      }
    ).check()
  }

  @Test(
    "embedding bags, for table and weights, with empty bags and repeats", arguments: UInt64(0)..<6)
  func embeddingBag(seed: UInt64) throws {
    var source = Source(seed: seed)
    let (features, width, rows) = (source.length(), source.length(), source.length())
    var offsets: [Int32] = [0]
    for _ in 0..<rows {
      offsets.append(offsets[offsets.count - 1] + Int32.random(in: 0...3, using: &source.generator))
    }
    let count = Int(offsets[rows])
    let indices = (0..<count).map { _ in
      Int32.random(in: 0..<Int32(features), using: &source.generator)
    }
    let finalOffsets = offsets
    try GradientCase(
      op: "embedding_bag/1",
      inputs: [
        source.variable([features, width]), .constant(Tensor(indices)),
        .constant(Tensor(offsets)), source.variable([count]),
      ],
      formula: {
        GradientFormulas.embeddingBag(
          $0[0], width: width, indices: indices, offsets: finalOffsets, weights: $0[1])
      }
    ).check()
  }

  @Test("concat and the norm of several tensors", arguments: UInt64(0)..<6)
  func several(seed: UInt64) throws {
    var source = Source(seed: seed)
    let rows = source.length()
    let widths = [source.length(), source.length(), source.length()]
    let parts = widths.map { source.variable([rows, $0]) }
    try GradientCase(op: "concat/1", inputs: parts) { x in
      (0..<rows).flatMap { row in
        zip(x, widths).flatMap { values, width in values[row * width..<(row + 1) * width] }
      }
    }.check()
    try GradientCase(op: "norm/1", inputs: parts) {
      [$0.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()]
    }.check()
  }

  @Test("dropout passes gradients where it passed values, scaled alike")
  func dropout() throws {
    let context = try ComputeContext(seed: 4)
    let x = try Tensor.uniform([7, 9], in: 1..<2, context: context)
    let tape = Tape()
    try tape.watch(x)
    let registry = OpRegistry.standard
    let y = try registry.run(
      "dropout/1", [x], attributes: .dropout(DropoutAttributes(probability: 0.4)),
      context: context, tape: tape)
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

  @Test("the norm of zeros has gradient 0, not NaN")
  func normAtZero() throws {
    let context = try ComputeContext()
    let x = try Tensor.zeros([3])
    let tape = Tape()
    try tape.watch(x)
    let y = try OpRegistry.standard.run("norm/1", [x], context: context, tape: tape)[0]
    let gradient = try tape.gradient(of: y, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [0, 0, 0])
  }
}
