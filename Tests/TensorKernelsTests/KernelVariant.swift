import TensorKernels
import Testing

/// A table of kernels that this machine can run.
struct KernelVariant: Sendable, CustomTestStringConvertible {
  let isa: Int32

  var kernels: tk_kernels {
    get throws { try #require(tk_kernels_of(isa)).pointee }
  }

  var testDescription: String { String(cString: tk_isa_name(isa)) }

  static let reference = KernelVariant(isa: Int32(TK_ISA_REFERENCE))

  /// All but the reference.
  static let fast: [KernelVariant] = [TK_ISA_PORTABLE, TK_ISA_AVX2, TK_ISA_AVX512]
    .map { KernelVariant(isa: Int32($0)) }
    .filter { tk_kernels_of($0.isa) != nil }

  /// Around every vector width, its multiples, and the blocks of reductions.
  static let sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1023, 1025]
}

/// Numbers from -range to range that depend on the seed alone.
func randomFloats(_ count: Int, seed: UInt64, range: Float = 2) -> [Float] {
  var floats = [Float](repeating: 0, count: count)
  tk_uniform_f32(count, tk_philox_key(seed: seed, stream: 7), 0, -range, range, &floats)
  return floats
}

/// NaN, infinities, zeros of both signs and subnormals, spread over otherwise random numbers.
func hostileFloats(_ count: Int, seed: UInt64) -> [Float] {
  let special: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude,
    .greatestFiniteMagnitude,
  ]
  var floats = randomFloats(count, seed: seed)
  for index in stride(from: Int(seed % 3), to: count, by: 3) {
    floats[index] = special[(index / 3 + Int(seed)) % special.count]
  }
  return floats
}

/// Records an issue at the first position where the numbers differ by more than the tolerance.
func expectClose(
  _ actual: [Float], _ expected: [Float], relative: Float = 0, absolute: Float = 0,
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) numbers for \(expected.count)")
    return
  }
  for (index, (a, e)) in zip(actual, expected).enumerated() {
    if a == e || (a.isNaN && e.isNaN) { continue }
    if abs(a - e) <= absolute + relative * abs(e) { continue }
    Issue.record("\(what)[\(index)] is \(a), expected \(e)", sourceLocation: sourceLocation)
    return
  }
}

/// `count` zeros before a page that must not be touched, aligned to their element only.
func guardedZeros<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
  _ count: Int, of _: Element.Type = Element.self
) throws -> GuardedArray<Element> {
  try GuardedArray([Element](repeating: 0, count: count))
}
