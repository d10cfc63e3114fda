import Scoring
import Testing

@Suite("SplitMix64")
struct SplitMix64Tests {
  @Test("seed 1234567 gives the published sequence")
  func published() {
    var generator = SplitMix64(seed: 1_234_567)
    // As printed by Vigna's splitmix64.c, and on Rosetta Code.
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test("bounded draws stay in range and reach every number about equally often")
  func bounded() {
    var generator = SplitMix64(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[generator.next(below: 7)] += 1 }
    // Five standard deviations of a binomial count with n = 7000 and p = 1/7.
    #expect(counts.allSatisfy { abs($0 - 1_000) < 147 })
  }

  @Test("a range of one number has one draw, and the widest range is drawn from")
  func extremeBounds() {
    var generator = SplitMix64(seed: 6)
    #expect((0..<20).allSatisfy { _ in generator.next(below: 1) == 0 })
    #expect((0..<20).allSatisfy { _ in generator.next(below: .max) >= 0 })
  }
}
