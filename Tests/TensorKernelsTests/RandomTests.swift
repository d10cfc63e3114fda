import TensorKernels
import Testing

@Suite struct RandomTests {
  static let key = tk_philox_key(seed: 42, stream: 0)

  @Test("numbers depend on their block alone, not on where a call begins")
  func positions() {
    var whole = [Float](repeating: 0, count: 64)
    var tail = [Float](repeating: 0, count: 40)
    tk_uniform_f32(64, Self.key, 5, 0, 1, &whole)
    tk_uniform_f32(40, Self.key, 8, 0, 1, &tail)
    #expect(Array(whole[24...]) == tail)
  }

  @Test("uniform numbers lie in [0, 1) with the right mean and spread")
  func uniform() {
    let count = 1 << 16
    var x = [Float](repeating: 0, count: count)
    tk_uniform_f32(count, Self.key, 0, 0, 1, &x)
    #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(count)
    let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
    // Five standard errors: 0.289 / 256 and 0.0745 / 256.
    #expect(abs(mean - 0.5) < 0.0057)
    #expect(abs(variance - 1.0 / 12) < 0.0015)
  }

  @Test("a range so narrow that rounding meets its end still excludes it")
  func narrow() {
    let high = Float(1).nextUp
    var x = [Float](repeating: 0, count: 1000)
    tk_uniform_f32(1000, Self.key, 0, 1, high, &x)
    #expect(x.allSatisfy { $0 == 1 })
  }

  @Test("normal numbers have mean 0, variance 1 and the normal's fourth moment")
  func normal() {
    let count = 1 << 16
    var x = [Float](repeating: 0, count: count)
    tk_normal_f32(count, Self.key, 0, 1, &x)
    #expect(x.allSatisfy { $0.isFinite })
    func moment(_ power: Int) -> Double {
      x.reduce(0.0) { sum, x in
        sum + (0..<power).reduce(1.0) { product, _ in product * Double(x) }
      } / Double(count)
    }
    #expect(abs(moment(1)) < 0.02)
    #expect(abs(moment(2) - 1) < 0.03)
    #expect(abs(moment(4) - 3) < 0.2)
  }

  @Test("a dropout mask holds 0 and 1/(1-p) in the right share")
  func mask() {
    let count = 1 << 16
    var mask = [Float](repeating: -1, count: count)
    tk_dropout_mask_f32(count, Self.key, 0, 0.25, &mask)
    #expect(Set(mask) == [0, 1 / 0.75])
    let share = Double(mask.count { $0 == 0 }) / Double(count)
    #expect(abs(share - 0.25) < 0.0085)
    tk_dropout_mask_f32(count, Self.key, 0, 0, &mask)
    #expect(mask.allSatisfy { $0 == 1 })
  }
}
