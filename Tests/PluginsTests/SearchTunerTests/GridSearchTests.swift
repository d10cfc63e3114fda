import AgentKit
import Testing

@testable import SettingsSearch

@Suite struct GridSearchTests {
  @Test("a range is cut into points with both ends, evenly on its own scale")
  func cuts() throws {
    func grid(_ json: JSONValue, _ points: Int) throws -> [JSONValue] {
      try SearchDimension(json, place: "x").grid(points: points)
    }
    #expect(
      try grid(["kind": "f64", "min": 1e-4, "max": 1, "log": true], 5)
        == [0.0001, 0.001, 0.01, 0.1, 1.0])
    #expect(try grid(["kind": "f64", "min": 0, "max": 0.6], 4) == [0.0, 0.2, 0.4, 0.6])
    #expect(try grid(["kind": "f64", "min": 0, "max": 0.6], 1) == [0.3])
    #expect(try grid(["kind": "i64", "min": 1, "max": 3], 10) == [1, 2, 3])
    #expect(try grid(["kind": "i64", "min": 1, "max": 100, "log": true], 3) == [1, 10, 100])
    #expect(try grid(["choices": ["a", "b"]], 1) == ["a", "b"])
  }

  @Test("each point comes once, then the best, and that it is exhausted", arguments: 1...4)
  func exhaustion(points: Int) throws {
    let grid = try GridSearch(space: SearchSpace(mixedSpace), points: points)
    let count = points * points * 3 * min(points, 4) * 2
    #expect(grid.pointCount == count)
    let all = suggestions(count + 1, grid.next)
    #expect(Set(all.map(\.settings)).count == count)
    #expect(all.filter(\.isExhausted).count == 1)
    #expect(all.last == Suggestion(settings: all[count - 1].settings, isExhausted: true))
  }

  @Test("the order is fixed, and the first rounds differ in every setting")
  func order() throws {
    let space = try SearchSpace(mixedSpace)
    let first = suggestions(12, try GridSearch(space: space, points: 3).next)
    #expect(first == suggestions(12, try GridSearch(space: space, points: 3).next))
    for name in space.names {
      #expect(Set(first.prefix(6).compactMap { $0.settings[name] }).count >= 2, "\(name)")
    }
  }

  @Test("points that were tried are passed over, also with other settings beside them")
  func skipping() throws {
    let grid = try GridSearch(space: SearchSpace(["x": ["choices": [1, 2, 3]]]), points: 1)
    let history = rising([["x": 1.0, "y": "else"], [:], ["x": 3]])
    #expect(grid.next(after: history) == Suggestion(settings: ["x": 2], isExhausted: false))
  }

  @Test("the best settings come back as they were tried")
  func best() throws {
    let grid = try GridSearch(space: SearchSpace(["x": ["choices": [1, 2]]]), points: 1)
    let history = TrialHistory([
      .init(settings: ["x": 2], score: 0.5), .init(settings: ["x": 1, "y": 3], score: 0.7),
      .init(settings: ["x": 1], score: nil),
    ])
    #expect(
      grid.next(after: history) == Suggestion(settings: ["x": 1, "y": 3], isExhausted: true))
  }

  @Test("a grid that nobody can count is refused")
  func tooLarge() throws {
    let json = JSONValue.object(
      (0..<10).map {
        JSONValue.Member("x\($0)", ["kind": "f64", "min": 0, "max": 1])
      })
    let space = try SearchSpace(json)
    let failure = try #require(throws: AgentFailure.self) {
      try GridSearch(space: space, points: 100)
    }
    #expect(failure.code == .outOfRange)
    #expect(failure.place == "settings.points")
  }
}
