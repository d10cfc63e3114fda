import Collaboration
import Glibc
import Scoring
import Testing

/// Members that see the truth with a given chance, by a seeded generator.
private func team(
  rows: Int, classes: Int, skills: [Double], seed: UInt64
) throws -> (MemberBeliefs, [Int]) {
  var generator = SplitMix64(seed: seed)
  func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
  let truth = (0..<rows).map { _ in Int(uniform() * Double(classes)) }
  let logp = skills.map { skill in
    truth.flatMap { label -> [Double] in
      let seen = uniform() < skill ? label : Int(uniform() * Double(classes))
      let rest = (1 - 0.7) / Double(classes - 1)
      return (0..<classes).map { log($0 == seen ? 0.7 : rest) }
    }
  }
  return (
    try MemberBeliefs(
      names: skills.indices.map { "m\($0)" }, rowCount: rows, classCount: classes, logp: logp),
    truth
  )
}

@Suite struct PoolTests {
  @Test("the joint decision is argmax of the weighted sum of log-probabilities")
  func formula() throws {
    let logp = [[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]].map { $0.map { log($0) } }
    let beliefs = try MemberBeliefs(names: ["a", "b"], rowCount: 1, classCount: 3, logp: logp)
    let pool = LogLinearPool(weights: [2, 1])
    // 0.5²·0.2 = 0.05, 0.3²·0.7 = 0.063, 0.2²·0.1 = 0.004
    #expect(pool.decisions(beliefs) == [1])
    let p = pool.logProbabilities(beliefs).map { exp($0) }
    #expect(abs(p[0] - 0.05 / 0.117) < 1e-12)
    #expect(abs(p.reduce(0, +) - 1) < 1e-12)
    #expect(LogLinearPool.single(0, of: 2).decisions(beliefs) == [0])
  }

  @Test("fitted weights are a minimum: moving any weight does not lower the objective")
  func stationary() throws {
    let (beliefs, truth) = try team(rows: 400, classes: 4, skills: [0.8, 0.5, 0.1], seed: 3)
    let fitted = LogLinearPool.fitted(beliefs, truth: truth)
    #expect(fitted.weights[0] > fitted.weights[1])
    #expect(fitted.weights[1] > fitted.weights[2])
    func objective(_ weights: [Double]) -> Double {
      LogLinearPool(weights: weights).negativeLogLikelihood(beliefs, truth: truth)
        + weights.reduce(0) { $0 + ($1 - 1.0 / 3) * ($1 - 1.0 / 3) } / 400
    }
    let best = objective(fitted.weights)
    for index in 0..<3 {
      for move in [-0.02, 0.02] {
        var other = fitted.weights
        other[index] = max(0, other[index] + move)
        #expect(objective(other) >= best - 1e-9)
      }
    }
  }

  @Test("members of different skill: fitted weights are chosen and beat each member on new rows")
  func chosen() throws {
    let (beliefs, truth) = try team(
      rows: 1500, classes: 5, skills: [0.75, 0.7, 0.3], seed: 11)
    let blend = Array(0..<500)
    let fresh = Array(500..<1500)
    let selection = try PoolSelection(beliefs.rows(blend), truth: blend.map { truth[$0] })
    #expect(selection.name == "fitted")
    let freshTruth = fresh.map { truth[$0] }
    let joint = selection.pool.negativeLogLikelihood(beliefs.rows(fresh), truth: freshTruth)
    for member in 0..<3 {
      let alone = LogLinearPool.single(member, of: 3)
        .negativeLogLikelihood(beliefs.rows(fresh), truth: freshTruth)
      #expect(joint < alone)
    }
  }

  @Test("useless companions: fitted weights do not replace the one good member by a worse team")
  func gate() throws {
    let (beliefs, truth) = try team(rows: 60, classes: 3, skills: [0.95, 0, 0], seed: 5)
    let selection = try PoolSelection(beliefs, truth: truth)
    let chosen = selection.candidates[selection.chosen]
    for candidate in selection.candidates where candidate.name != "fitted" {
      #expect(chosen.negativeLogLikelihood <= candidate.negativeLogLikelihood)
    }
    #expect(selection.name != "uniform")
  }

  @Test("a member that rules a class out does not veto the team")
  func veto() throws {
    let logp = [[log(0.9), log(0.1)], [-Double.infinity, 0.0]]
    let beliefs = try MemberBeliefs(names: ["a", "b"], rowCount: 1, classCount: 2, logp: logp)
    #expect(LogLinearPool(weights: [10, 0.5]).decisions(beliefs) == [0])
  }

  @Test("NaN, wrong sizes and missing truth are refused by name")
  func refused() throws {
    #expect(throws: CollaborationError.self) {
      try MemberBeliefs(names: ["a"], rowCount: 1, classCount: 2, logp: [[.nan, 0]])
    }
    #expect(throws: CollaborationError.self) {
      try MemberBeliefs(names: ["a"], rowCount: 2, classCount: 2, logp: [[0, 0]])
    }
    let (beliefs, _) = try team(rows: 4, classes: 2, skills: [0.5], seed: 1)
    #expect(throws: CollaborationError.self) { try PoolSelection(beliefs, truth: [0, 1]) }
  }

  @Test("z_c concatenates members of different width, row by row")
  func concat() throws {
    let a = try Representation(rowCount: 2, width: 1, values: [1, 2])
    let b = try Representation(rowCount: 2, width: 2, values: [3, 4, 5, 6])
    let joint = try Representation.fused([a, b])
    #expect(joint.width == 3)
    #expect(joint.values == [1, 3, 4, 2, 5, 6])
    let c = try Representation(rowCount: 1, width: 1, values: [0])
    #expect(throws: CollaborationError.self) { try Representation.fused([a, c]) }
  }
}
