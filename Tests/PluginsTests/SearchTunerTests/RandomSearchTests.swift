import AgentKit
import Testing

@testable import SettingsSearch

@Suite struct RandomSearchTests {
  @Test("every point lies in the space, whatever the seed", arguments: 0..<200)
  func inside(seed: UInt64) throws {
    let next = RandomSearch(space: try SearchSpace(mixedSpace), seed: seed).next(after: rising([]))
    let rate = try #require(next.settings["rate"]?.doubleValue)
    #expect(1e-4 <= rate && rate <= 0.1)
    let dropout = try #require(next.settings["dropout"]?.doubleValue)
    #expect(0.1 <= dropout && dropout <= 0.5)
    #expect([32, 64, 128].contains(try #require(next.settings["hidden"]?.intValue)))
    #expect((1...4).contains(try #require(next.settings["layers"]?.intValue)))
    #expect(next.settings["balanced"]?.boolValue != nil)
    #expect(next.settings.members?.count == 5)
    #expect(!next.isExhausted)
  }

  @Test("the point depends on history, space and seed alone", arguments: 0..<50)
  func determinism(seed: UInt64) throws {
    let space = try SearchSpace(mixedSpace)
    let history = rising((0..<Int(seed % 5)).map { ["rate": .int($0)] })
    let first = RandomSearch(space: space, seed: seed).next(after: history)
    #expect(first == RandomSearch(space: space, seed: seed).next(after: history))
    #expect(first != RandomSearch(space: space, seed: seed + 1).next(after: history))
    let longer = TrialHistory(history.trials + [.init(settings: [:], score: 1)])
    #expect(first != RandomSearch(space: space, seed: seed).next(after: longer))
  }

  @Test("a finite space gives each point once, then the best of them", arguments: 0..<20)
  func finite(seed: UInt64) throws {
    let search = RandomSearch(space: try SearchSpace(finiteSpace), seed: seed)
    let all = suggestions(14, search.next)
    #expect(Set(all.prefix(12).map(\.settings)).count == 12)
    #expect(all.prefix(12).allSatisfy { !$0.isExhausted })
    #expect(all[12].isExhausted)
    // The scores rise, so the last new point is the best; of equals the first counts.
    #expect(all[12].settings == all[11].settings)
  }

  @Test("rounds without settings and points of other spaces are no points of this one")
  func foreignRounds() throws {
    let space = try SearchSpace(["x": ["choices": [1, 2]]])
    let history = rising([[:], ["x": 7], ["x": 2, "y": 1]])
    for seed in 0..<10 {
      let next = RandomSearch(space: space, seed: UInt64(seed)).next(after: history)
      #expect(next == Suggestion(settings: ["x": 1], isExhausted: false))
    }
  }

  @Test("a huge finite space is walked without listing it")
  func huge() throws {
    let space = try SearchSpace([
      "a": ["kind": "i64", "min": 1, "max": 2_000_000_000, "log": true],
      "b": ["kind": "i64", "min": 0, "max": 2_000_000_000],
    ])
    let all = suggestions(40, RandomSearch(space: space, seed: 3).next)
    #expect(Set(all.map(\.settings)).count == 40)
  }

  @Test("a logarithmic range has half of its points below the geometric mean")
  func logarithmic() throws {
    let space = try SearchSpace([
      "rate": ["kind": "f64", "min": 1e-4, "max": 1, "log": true],
      "size": ["kind": "i64", "min": 1, "max": 10_000, "log": true],
    ])
    let points = (0..<1000).map {
      RandomSearch(space: space, seed: $0).next(after: rising([])).settings
    }
    let low = points.count { ($0["rate"]?.doubleValue ?? 1) < 0.01 }
    let small = points.count { ($0["size"]?.intValue ?? 0) <= 100 }
    // Five standard deviations of a fair coin thrown 1000 times: 79. A linear range has 1 % there.
    #expect(abs(low - 500) < 79)
    // The ends reach half a step further, so a little more than half is small.
    #expect(abs(small - 530) < 100)
  }

  @Test("numbers are readable: at most four digits that count")
  func readable() throws {
    let space = try SearchSpace(["rate": ["kind": "f64", "min": 1e-4, "max": 0.1, "log": true]])
    for seed in 0..<100 {
      let value = RandomSearch(space: space, seed: UInt64(seed)).next(after: rising([])).settings
      let number = try #require(value["rate"]?.doubleValue)
      #expect("\(number)".count <= 9, "\(number)")
    }
  }
}
