import Glibc
import TensorKernels
import Testing

@Suite struct ElementwiseTests {
  typealias Binary =
    @convention(c) (
      Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  typealias Unary = @convention(c) (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void

  static let binaryKernels: [(name: String, pick: @Sendable (tk_kernels) -> Binary)] = [
    ("add", { $0.elementwise.add_f32 }),
    ("mul", { $0.elementwise.mul_f32 }),
    ("relu_backward", { $0.elementwise.relu_backward_f32 }),
  ]

  @Test(
    "binary kernels equal the reference bit for bit at every size, with hostile numbers",
    arguments: KernelVariant.fast, 0..<binaryKernels.count)
  func binary(variant: KernelVariant, which: Int) throws {
    let (name, pick) = Self.binaryKernels[which]
    for size in KernelVariant.sizes {
      let a = try GuardedArray(hostileFloats(size, seed: 1))
      let b = try GuardedArray(hostileFloats(size, seed: 2))
      let y = try GuardedArray([Float](repeating: 7, count: size))
      let expected = try GuardedArray([Float](repeating: 8, count: size))
      pick(try variant.kernels)(size, a.start, b.start, y.start)
      pick(try KernelVariant.reference.kernels)(size, a.start, b.start, expected.start)
      expectClose(y.elements, expected.elements, "\(name) of \(size)")
    }
  }

  @Test("relu equals the reference and keeps NaN", arguments: KernelVariant.fast)
  func relu(variant: KernelVariant) throws {
    for size in KernelVariant.sizes {
      let x = try GuardedArray(hostileFloats(size, seed: 3))
      let y = try GuardedArray([Float](repeating: 7, count: size))
      try variant.kernels.elementwise.relu_f32(size, x.start, y.start)
      let expected = x.elements.map { $0.isNaN ? Float.nan : Swift.max($0, 0) }
      expectClose(y.elements, expected, "relu of \(size)")
    }
  }

  @Test("a result may overwrite its operand", arguments: KernelVariant.fast)
  func inPlace(variant: KernelVariant) throws {
    let values = randomFloats(77, seed: 4)
    let x = try GuardedArray(values)
    try variant.kernels.elementwise.add_f32(77, x.start, x.start, x.start)
    expectClose(x.elements, values.map { $0 + $0 }, "x + x")
    try variant.kernels.elementwise.scale_f32(77, 0.5, x.start, x.start)
    expectClose(x.elements, values, "x")
  }

  @Test("rows are added and multiplied to every row", arguments: KernelVariant.fast)
  func rows(variant: KernelVariant) throws {
    for (rows, columns) in [(0, 3), (1, 1), (3, 0), (5, 7), (4, 16), (3, 33)] {
      let a = try GuardedArray(randomFloats(rows * columns, seed: 5))
      let b = try GuardedArray(randomFloats(columns, seed: 6))
      let sum = try GuardedArray([Float](repeating: 0, count: rows * columns))
      let product = try GuardedArray([Float](repeating: 0, count: rows * columns))
      try variant.kernels.elementwise.add_row_f32(rows, columns, a.start, b.start, sum.start)
      try variant.kernels.elementwise.mul_row_f32(rows, columns, a.start, b.start, product.start)
      let row = b.elements
      let expectedSum = a.elements.enumerated().map { $1 + row[$0 % columns] }
      let expectedProduct = a.elements.enumerated().map { $1 * row[$0 % columns] }
      expectClose(sum.elements, expectedSum, "\(rows)x\(columns) + row")
      expectClose(product.elements, expectedProduct, "\(rows)x\(columns) * row")
    }
  }

  @Test(
    "tanh stays within 4 ULP over all magnitudes, odd and bounded", arguments: KernelVariant.fast)
  func tanhAccuracy(variant: KernelVariant) throws {
    // Every 65,521st float (a prime), so all exponents and both signs are met.
    let inputs = stride(from: UInt32(0), through: .max - 65_521, by: 65_521).map {
      Float(bitPattern: $0)
    }
    let x = try GuardedArray(inputs)
    let y = try GuardedArray([Float](repeating: 0, count: inputs.count))
    try variant.kernels.elementwise.tanh_f32(inputs.count, x.start, y.start)
    for (input, output) in zip(inputs, y.elements) {
      let exact = Glibc.tanh(Double(input))
      if input.isNaN {
        #expect(output.isNaN)
      } else if abs(Double(output) - exact) > 4 * Double(Float(exact).ulp) {
        Issue.record("tanh(\(input)) is \(output), exact \(exact)")
        return
      }
    }
  }

  @Test("tanh gradient is dy (1 - y²)", arguments: KernelVariant.fast)
  func tanhBackward(variant: KernelVariant) throws {
    for size in KernelVariant.sizes {
      let y = try GuardedArray(randomFloats(size, seed: 8, range: 1))
      let dy = try GuardedArray(randomFloats(size, seed: 9))
      let dx = try GuardedArray([Float](repeating: 0, count: size))
      try variant.kernels.elementwise.tanh_backward_f32(size, y.start, dy.start, dx.start)
      let expected = zip(y.elements, dy.elements).map { y, dy in dy * (1 - y * y) }
      expectClose(dx.elements, expected, relative: 1e-6, absolute: 1e-7, "gradient of \(size)")
    }
  }
}
