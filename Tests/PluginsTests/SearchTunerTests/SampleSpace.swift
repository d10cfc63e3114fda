import AgentKit

@testable import SettingsSearch

/// A space with every kind of dimension.
let mixedSpace: JSONValue = [
  "rate": ["kind": "f64", "min": 1e-4, "max": 0.1, "log": true],
  "dropout": ["kind": "f64", "min": 0.1, "max": 0.5],
  "hidden": ["choices": [32, 64, 128]],
  "layers": ["kind": "i64", "min": 1, "max": 4],
  "balanced": ["kind": "bool"],
]

/// A space of twelve points.
let finiteSpace: JSONValue = [
  "layers": ["kind": "i64", "min": 1, "max": 3],
  "case": ["choices": ["keep", "lower"]],
  "balanced": ["kind": "bool"],
]

/// A history in which each of the points scored a little more than the one before.
func rising(_ points: [JSONValue]) -> TrialHistory {
  TrialHistory(points.enumerated().map { .init(settings: $1, score: Double($0)) })
}

/// What a search says when each of its suggestions is tried.
func suggestions(_ count: Int, _ next: (TrialHistory) -> Suggestion) -> [Suggestion] {
  var result: [Suggestion] = []
  for _ in 0..<count { result.append(next(rising(result.map(\.settings)))) }
  return result
}
