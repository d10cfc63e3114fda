import AgentKit
import Testing

@testable import SettingsSearch

@Suite struct SearchSpaceTests {
  @Test("a space counts its points, and has none to count where a dimension is continuous")
  func counts() throws {
    #expect(try SearchSpace(finiteSpace).count == 12)
    #expect(try SearchSpace(mixedSpace).count == nil)
    #expect(try SearchSpace(["x": ["kind": "f64", "min": 2, "max": 2]]).count == 1)
    let wide: JSONValue = ["kind": "i64", "min": 0, "max": 9_000_000_000_000_000]
    #expect(try SearchSpace(["a": wide, "b": wide]).count == nil)
  }

  @Test("each number of a finite space is another point, and the point's number")
  func indices() throws {
    let space = try SearchSpace(finiteSpace)
    let points = (0..<12).map(space.point)
    #expect(Set(points).count == 12)
    #expect(points.map(space.index) == Array(0..<12).map(Optional.some))
    #expect(space.index(of: ["layers": 4, "case": "keep", "balanced": false]) == nil)
    #expect(space.index(of: ["layers": 1]) == nil)
  }

  @Test("equal numbers are one value, whole or not")
  func sameNumbers() throws {
    let dimension = try SearchDimension(["choices": [1, 1.0, 2]], place: "x")
    #expect(dimension.count == 2)
    #expect(dimension.index(of: .double(2)) == 1)
    let space = try SearchSpace(finiteSpace)
    #expect(
      space.same(
        ["layers": 2.0, "case": "keep", "balanced": true, "else": 5],
        ["layers": 2, "case": "keep", "balanced": true]))
  }

  @Test("whole numbers stay within a range with fractions")
  func wholeRange() throws {
    let dimension = try SearchDimension(["kind": "i64", "min": 1.5, "max": 3.9], place: "x")
    #expect(dimension == .whole(2...3, logarithmic: false))
  }

  @Test(
    "what cannot be read is refused by name",
    arguments: [
      (["rate": 5], "space.rate"),
      (["rate": ["kind": "f64", "min": 1]], "space.rate"),
      (["rate": ["kind": "f64", "min": 2, "max": 1]], "space.rate"),
      (["rate": ["kind": "f64", "min": 0, "max": 1, "log": true]], "space.rate"),
      (["size": ["kind": "i64", "min": 1.2, "max": 1.8]], "space.size"),
      (["size": ["kind": "i64", "min": 0, "max": 1e300]], "space.size"),
      (["case": ["kind": "utf8"]], "space.case"),
      (["case": ["choices": []]], "space.case"),
      ([1, 2], "space"), ([:], "space"), (nil, "space"),
    ] as [(JSONValue, String)])
  func refusals(space: JSONValue, place: String) throws {
    let failure = try #require(throws: AgentFailure.self) { try SearchSpace(space) }
    #expect(failure.place == place)
  }

  @Test("a history is read with its gaps: no settings, no score")
  func history() throws {
    let history = try TrialHistory([
      ["settings": [:], "score": 0.5], ["settings": ["a": 1], "score": nil],
      ["settings": nil, "score": 0.9], ["settings": ["b": 1], "score": 0.9], ["score": 0.2],
    ])
    #expect(history.trials.map(\.score) == [0.5, nil, 0.9, 0.9, 0.2])
    #expect(history.best == history.trials[2])
    #expect(TrialHistory([]).best == nil)
    let failure = try #require(throws: AgentFailure.self) {
      try TrialHistory([["score": 1], ["settings": 3]])
    }
    #expect(failure.place == "history[1]")
  }
}
