import Glibc
import TensorKernels
import Testing

@Suite struct UnaryTests {
  /// An operation, what its gradient reads, and how far f32 may be from the reference.
  struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let op: Int
    var readsResult = false
    var relative: Float = 0
    var testDescription: String { name }
  }

  static let operations = [
    Operation(name: "negate", op: TK_NEGATE), Operation(name: "scale", op: TK_SCALE),
    Operation(name: "abs", op: TK_ABS),
    Operation(name: "exp", op: TK_EXP, readsResult: true, relative: 3e-7),
    Operation(name: "log", op: TK_LOG, relative: 3e-7),
    Operation(name: "sqrt", op: TK_SQRT, readsResult: true, relative: 3e-7),
    Operation(name: "rsqrt", op: TK_RSQRT, readsResult: true, relative: 5e-7),
    Operation(name: "sin", op: TK_SIN, relative: 4e-7),
    Operation(name: "cos", op: TK_COS, relative: 4e-7),
    Operation(name: "tanh", op: TK_TANH, readsResult: true, relative: 4e-7),
    Operation(name: "erf", op: TK_ERF, relative: 5e-7),
    Operation(name: "sigmoid", op: TK_SIGMOID, readsResult: true, relative: 4e-7),
    Operation(name: "relu", op: TK_RELU, readsResult: true),
    Operation(name: "leaky relu", op: TK_LEAKY_RELU, relative: 1e-7),
    Operation(name: "elu", op: TK_ELU, relative: 4e-7),
    Operation(name: "gelu", op: TK_GELU, relative: 2e-6),
    Operation(name: "gelu tanh", op: TK_GELU_TANH, relative: 2e-6),
    Operation(name: "silu", op: TK_SILU, relative: 5e-7),
  ]

  static func forward(_ elements: UnsafePointer<tk_element_kernels>, _ op: Int) throws
    -> tk_unary_fn
  {
    let table = try #require(elements.pointer(to: \.unary))
    return try #require(tk_unary_forward(table, Int32(op)))
  }

  static func gradient(_ elements: UnsafePointer<tk_element_kernels>, _ op: Int) throws
    -> tk_unary_gradient_fn
  {
    let table = try #require(elements.pointer(to: \.unary))
    return try #require(tk_unary_gradient(table, Int32(op)))
  }

  @Test(
    "each operation is close to the reference at every size, with hostile numbers",
    arguments: KernelVariant.fast, operations)
  func equalsReference(variant: KernelVariant, operation: Operation) throws {
    let fast = try Self.forward(variant.kernels.f32, operation.op)
    let plain = try Self.forward(KernelVariant.reference.kernels.f32, operation.op)
    for size in KernelVariant.sizes {
      let x = try GuardedArray(hostileFloats(size, seed: 1))
      let y = try guardedZeros(size, of: Float.self)
      let expected = try guardedZeros(size, of: Float.self)
      fast(size, 0.3, x.start, y.start)
      plain(size, 0.3, x.start, expected.start)
      expectClose(
        y.elements, expected.elements, relative: operation.relative,
        absolute: 8 * .leastNonzeroMagnitude,
        "\(operation.name) of \(size)")
      fast(size, 0.3, x.start, x.start)
      expectClose(x.elements, y.elements, "\(operation.name) of \(size) in place")
    }
  }

  @Test(
    "each gradient is close to the reference at every size, with hostile numbers",
    arguments: KernelVariant.fast, operations)
  func gradientEqualsReference(variant: KernelVariant, operation: Operation) throws {
    let fast = try Self.gradient(variant.kernels.f32, operation.op)
    let plain = try Self.gradient(KernelVariant.reference.kernels.f32, operation.op)
    for size in KernelVariant.sizes {
      for saved in [hostileFloats(size, seed: 2), randomFloats(size, seed: 3, range: 6)] {
        let x = try GuardedArray(saved)
        let dy = try GuardedArray(randomFloats(size, seed: 4))
        let dx = try guardedZeros(size, of: Float.self)
        let expected = try guardedZeros(size, of: Float.self)
        fast(size, 0.3, x.start, dy.start, dx.start)
        plain(size, 0.3, x.start, dy.start, expected.start)
        expectClose(
          dx.elements, expected.elements, relative: 4e-6, absolute: 3e-7,
          "gradient of \(operation.name), \(size)")
        fast(size, 0.3, x.start, dy.start, dy.start)
        expectClose(dy.elements, dx.elements, "gradient of \(operation.name), \(size), in place")
      }
    }
  }

  @Test("each gradient is the slope of its operation", arguments: operations)
  func gradientIsSlope(operation: Operation) throws {
    let elements = try KernelVariant.reference.kernels.f64
    let forward = try Self.forward(elements, operation.op)
    let gradient = try Self.gradient(elements, operation.op)
    let step = 1e-6
    for x in [-2.5, -0.7, -0.1, 0.2, 0.9, 3.0] as [Double] {
      if x < 0 && [TK_LOG, TK_SQRT, TK_RSQRT].contains(operation.op) { continue }
      var y: [Double] = [0, 0, 0]
      forward(3, 0.3, [x - step, x, x + step], &y)
      var dx: [Double] = [0]
      gradient(1, 0.3, [operation.readsResult ? y[1] : x], [1.5], &dx)
      let slope = 1.5 * (y[2] - y[0]) / (2 * step)
      #expect(abs(dx[0] - slope) <= 1e-7 * max(1, abs(slope)), "\(operation.name) at \(x)")
    }
  }

  static let exact: [(name: String, op: Int, function: @Sendable (Double) -> Double)] = [
    ("exp", TK_EXP, { Glibc.exp($0) }), ("log", TK_LOG, { Glibc.log($0) }),
    ("tanh", TK_TANH, { Glibc.tanh($0) }), ("erf", TK_ERF, { Glibc.erf($0) }),
    ("sin", TK_SIN, { Glibc.sin($0) }), ("cos", TK_COS, { Glibc.cos($0) }),
  ]

  @Test(
    "exp, log, tanh, erf, sin and cos stay within 2 ULP over all magnitudes",
    arguments: KernelVariant.fast, 0..<exact.count)
  func accuracy(variant: KernelVariant, which: Int) throws {
    let (name, op, function) = Self.exact[which]
    // Every 4,093rd float (a prime), so all exponents and both signs are met; then the ends of
    // ranges with their neighbours. Exhaustive/ulp_all_floats.c checks all.
    let special: [Float] = [
      0, 1, 0.2745, 0.275, 0.34657359, 0.5, 0.625, 3.92, 9.01, 88.722839, 87.336544, 103.97208,
      0x1p20, 0x1.921fb6p0, .leastNormalMagnitude, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .infinity,
    ]
    let near = special.flatMap { [$0.nextDown, $0, $0.nextUp, -$0.nextDown, -$0, -$0.nextUp] }
    let inputs =
      near + stride(from: UInt32(0), through: .max - 4_093, by: 4_093).map(Float.init(bitPattern:))
    let x = try GuardedArray(inputs)
    let y = try guardedZeros(inputs.count, of: Float.self)
    try Self.forward(variant.kernels.f32, op)(inputs.count, 1, x.start, y.start)
    for (input, output) in zip(inputs, y.elements) {
      let wanted = function(Double(input))
      let rounded = Float(wanted)
      let right =
        if wanted.isNaN {
          output.isNaN
        } else if rounded.isInfinite || wanted == 0 {
          output == rounded && output.sign == rounded.sign
        } else {
          abs(Double(output) - wanted) <= 2 * Double(rounded.ulp) && output.sign == rounded.sign
        }
      if !right {
        Issue.record("\(name)(\(input)) is \(output), exact \(wanted)")
        return
      }
    }
  }

  @Test("gelu keeps its digits where it vanishes, and ends at -0", arguments: KernelVariant.fast)
  func geluTail(variant: KernelVariant) throws {
    let inputs: [Float] = [-1e-30, -0.5, -2, -4, -6, -9, -12.5]
    var y = [Float](repeating: 0, count: inputs.count)
    try Self.forward(variant.kernels.f32, TK_GELU)(inputs.count, 0, inputs, &y)
    for (input, output) in zip(inputs, y) {
      let exact = Double(input) * Glibc.erfc(-Double(input) / 2.0.squareRoot()) / 2
      #expect(abs(Double(output) / exact - 1) < 1e-5, "gelu(\(input)) is \(output), exact \(exact)")
    }
    for op in [TK_GELU, TK_GELU_TANH, TK_SILU] {
      var ends: [Float] = [1, 1, 1, 1]
      let forward = try Self.forward(variant.kernels.f32, op)
      forward(4, 0, [-.infinity, -1e30, .infinity, .nan] as [Float], &ends)
      #expect(ends[0] == 0 && ends[0].sign == .minus && ends[1] == 0)
      #expect(ends[2] == .infinity && ends[3].isNaN)
    }
  }

  @Test("a result too large for the cache is the same, at any alignment", arguments: [0, 1, 5])
  func streaming(offset: Int) throws {
    let count = Int(TK_STREAM_BYTES) / 4 + 41
    let x = randomFloats(count, seed: 5)
    for variant in KernelVariant.fast {
      let forward = try Self.forward(variant.kernels.f32, TK_TANH)
      let y = try guardedZeros(count + offset, of: Float.self)
      forward(count, 1, x, y.start)
      var pieces = [Float](repeating: 0, count: count)
      x.withUnsafeBufferPointer { x in
        pieces.withUnsafeMutableBufferPointer { pieces in
          for start in stride(from: 0, to: count, by: 1 << 20) {
            guard let from = x.baseAddress, let to = pieces.baseAddress else { return }
            forward(min(1 << 20, count - start), 1, from + start, to + start)
          }
        }
      }
      #expect(Array(y.elements.prefix(count)) == pieces, "\(variant.testDescription)")
    }
  }

  @Test("whole numbers: the smallest is its own negative and its own size")
  func wholeNumbers() throws {
    let elements = try KernelVariant.reference.kernels.i32
    var y: [Int32] = [0, 0, 0]
    try Self.forward(elements, TK_NEGATE)(3, 1, [5, -7, .min] as [Int32], &y)
    #expect(y == [-5, 7, .min])
    try Self.forward(elements, TK_ABS)(3, 1, [5, -7, .min] as [Int32], &y)
    #expect(y == [5, 7, .min])
    var bytes: [UInt8] = [0, 0]
    try Self.forward(KernelVariant.reference.kernels.u8, TK_NEGATE)(
      2, 1, [1, 0] as [UInt8], &bytes)
    #expect(bytes == [255, 0])
  }
}
