import Collaboration
import Contracts
import Scoring

/// What the team decided on the sealed part, beside what each member decides alone.
struct JointReport: Sendable {
  /// One way of deciding and its score on the sealed part.
  struct Row: Sendable {
    var name: String
    var score: ClassificationReport
  }

  let rows: [Row]
  let selection: PoolSelection
  let policy: String
  /// Joint decision against the member that was best on the blend part, on the sealed part.
  let difference: PairedDifference
  let bestMember: String
  let jointWidth: Int

  /// Scores the decisions.
  ///
  /// A truth that is no class of the models counts as an error of everyone: it becomes a class that
  /// nobody decides.
  init(
    selection: PoolSelection, policy: String, beliefs: MemberBeliefs, joint: [Double],
    decided: [Int], truth: [String], classes: [String], jointWidth: Int
  ) throws {
    let labels = classes + Set(truth).subtracting(classes).sorted()
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let indices = truth.map { places[$0] ?? 0 }
    func score(_ name: String, _ predicted: [Int]) throws -> Row {
      Row(
        name: name,
        score: try ClassificationReport(truth: indices, predicted: predicted, labels: labels))
    }
    var rows = [try score("joint", decided)]
    let uniform = LogLinearPool.uniform(beliefs.logp.count)
    rows.append(try score("uniform", uniform.decisions(beliefs)))
    var alone: [[Int]] = []
    for (member, name) in beliefs.names.enumerated() {
      alone.append(LogLinearPool.single(member, of: beliefs.names.count).decisions(beliefs))
      rows.append(try score(name, alone[member]))
    }
    // The best member is chosen on the blend part: choosing it by the test part would favour it.
    let singles = selection.candidates.dropFirst(2)
    let best = singles.indices.max {
      selection.candidates[$0].macroF1 < selection.candidates[$1].macroF1
    }
    let member = (best ?? 2) - 2
    bestMember = beliefs.names[member]
    difference = try Bootstrap.standard.difference(
      .macroF1, truth: indices, first: alone[member], second: decided, classCount: labels.count)
    self.rows = rows
    self.selection = selection
    self.policy = policy
    self.jointWidth = jointWidth
  }

  /// Whether the joint decision is better than the best member beyond chance: the interval of the
  /// difference lies above 0.
  var isBetter: Bool { difference.interval.low > 0 }

  /// The verdict in a sentence.
  var verdict: String {
    let change = (difference.difference < 0 ? "" : "+") + decimals(difference.difference)
    let range = "[\(decimals(difference.interval.low)), \(decimals(difference.interval.high))]"
    let against = "macro-F1 \(change) \(range) against \(bestMember) alone"
    return isBetter
      ? "the team decides better than its best member: \(against)"
      : "no improvement over the best member is claimed: \(against)"
  }

  /// The result in a line.
  var headline: String {
    guard let joint = rows.first?.score else { return "" }
    let members = rows.dropFirst(2).map { "\($0.name) \(decimals($0.score.macroF1))" }
    return
      "joint macro_f1 \(decimals(joint.macroF1)) [\(decimals(joint.macroF1Interval.low)), "
      + "\(decimals(joint.macroF1Interval.high))] beside " + members.joined(separator: ", ")
  }

  /// The report as JSON.
  var setting: Setting {
    func scored(_ row: Row) -> Setting {
      let score = row.score
      return [
        "name": .string(row.name), "rows": .int(score.rowCount),
        "accuracy": interval(score.accuracy, score.accuracyInterval),
        "macro_f1": interval(score.macroF1, score.macroF1Interval),
      ]
    }
    return [
      "on": "test", "ways": .list(rows.map(scored)),
      "verdict": .string(verdict), "better": .bool(isBetter),
      "difference": interval(difference.difference, difference.interval),
      "best_member": .string(bestMember),
      "phi": "concat", "joint_width": .int(jointWidth),
      "policy": policy.isEmpty ? .null : .string(policy),
      "weights": [
        "way": .string(selection.name), "reason": .string(selection.reason),
        "rows": .int(selection.rowCount),
        "values": .list(selection.pool.weights.map { .double($0) }),
        "tried": .list(
          selection.candidates.map {
            [
              "name": .string($0.name), "nll": .double($0.negativeLogLikelihood),
              "accuracy": .double($0.accuracy), "macro_f1": .double($0.macroF1),
            ]
          }),
      ],
    ]
  }

  private func interval(_ value: Double, _ range: Interval) -> Setting {
    ["value": .double(value), "low": .double(range.low), "high": .double(range.high)]
  }
}
