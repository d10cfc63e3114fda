import TensorKernels
import Testing

@Suite struct GemmTests {
  /// A product to compute: sizes, and how the operands are stored.
  struct Product: Sendable, CustomTestStringConvertible {
    var m, n, k: Int
    var transposeA = false
    var transposeB = false
    var accumulate = false

    var testDescription: String {
      "\(m)x\(n)x\(k)\(transposeA ? " A'" : "")\(transposeB ? " B'" : "")"
        + (accumulate ? " +=" : "")
    }

    func run(
      _ kernels: tk_kernels, _ a: GuardedArray<Float>, _ b: GuardedArray<Float>, c: [Float]
    ) throws -> [Float] {
      let result = try GuardedArray(c)
      let workspace = try GuardedArray(
        [Float](repeating: .nan, count: kernels.gemm.workspace_f32(m, n, k)))
      kernels.gemm.multiply_f32(
        m, n, k, a.start, transposeA ? 1 : k, transposeA ? m : 1, b.start, transposeB ? 1 : n,
        transposeB ? k : 1, result.start, n, accumulate ? 1 : 0, workspace.start)
      return result.elements
    }

    func expectEqualsReference(_ variant: KernelVariant) throws {
      let a = try GuardedArray(randomFloats(m * k, seed: UInt64(m &+ 31 * k)))
      let b = try GuardedArray(randomFloats(k * n, seed: UInt64(n &+ 17 * k)))
      let c = randomFloats(m * n, seed: 3)
      let actual = try run(variant.kernels, a, b, c: c)
      let expected = try run(KernelVariant.reference.kernels, a, b, c: c)
      // Elements up to 2, so a sum of k products errs by at most about 4 k ULPs of 1.
      expectClose(
        actual, expected, relative: 1e-5, absolute: 4e-7 * Float(k + 1), testDescription)
    }
  }

  static let products: [Product] = {
    let sizes = [
      (1, 1, 1), (1, 7, 3), (5, 1, 9), (3, 5, 0), (0, 4, 4), (4, 0, 4), (2, 3, 4), (12, 32, 8),
      (13, 33, 17), (11, 31, 5), (6, 16, 10), (7, 15, 1), (25, 65, 40), (97, 34, 19),
      (3, 40, 257), (100, 70, 300), (8, 515, 6),
    ]
    var all: [Product] = []
    for (m, n, k) in sizes {
      all.append(Product(m: m, n: n, k: k))
      all.append(Product(m: m, n: n, k: k, transposeA: true))
      all.append(Product(m: m, n: n, k: k, transposeB: true))
      all.append(Product(m: m, n: n, k: k, transposeA: true, transposeB: true, accumulate: true))
      all.append(Product(m: m, n: n, k: k, accumulate: true))
    }
    return all
  }()

  @Test(
    "products equal the reference, transposed or not, added or not, and read nothing past the end",
    arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for product in Self.products { try product.expectEqualsReference(variant) }
  }

  @Test("rows of C may stand apart; what lies between them stays", arguments: KernelVariant.fast)
  func spacedRows(variant: KernelVariant) throws {
    let (m, n, k, step) = (14, 35, 6, 41)
    let a = try GuardedArray(randomFloats(m * k, seed: 1))
    let b = try GuardedArray(randomFloats(k * n, seed: 2))
    // The last row has no gap behind it.
    let blank = [Float](repeating: 9, count: (m - 1) * step + n)
    let kernels = try variant.kernels
    let workspace = try GuardedArray(
      [Float](repeating: 0, count: kernels.gemm.workspace_f32(m, n, k)))
    let c = try GuardedArray(blank)
    kernels.gemm.multiply_f32(
      m, n, k, a.start, k, 1, b.start, n, 1, c.start, step, 0, workspace.start)
    let dense = try Product(m: m, n: n, k: k).run(
      KernelVariant.reference.kernels, a, b, c: [Float](repeating: 0, count: m * n))
    var expected = blank
    for i in 0..<m {
      for j in 0..<n { expected[i * step + j] = dense[i * n + j] }
    }
    expectClose(c.elements, expected, absolute: 1e-5, "spaced C")
  }

  @Test(
    "NaN and infinity reach their row and column and nothing else", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    let (m, n, k) = (13, 33, 10)
    var a = [Float](repeating: 1, count: m * k)
    var b = [Float](repeating: 1, count: k * n)
    a[4 * k + 3] = .nan
    b[2 * n + 32] = .infinity
    let product = Product(m: m, n: n, k: k)
    let c = try product.run(
      variant.kernels, GuardedArray(a), GuardedArray(b), c: [Float](repeating: 0, count: m * n))
    for i in 0..<m {
      for j in 0..<n {
        let value = c[i * n + j]
        if i == 4 {
          #expect(value.isNaN)
        } else {
          #expect(value == (j == 32 ? .infinity : Float(k)))
        }
      }
    }
  }
}
