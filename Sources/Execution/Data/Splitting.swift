import ArrowTables
import Scoring
import Workflow

/// The rows of each part, and what was left out of them.
struct Split: Hashable, Sendable {
  /// Row numbers of the table that was split, rising.
  var rows: [SplitPlan.Part: [Int]]
  /// Rows that were left out because the same normalised text stands in a part that comes first.
  var leaks: Int
  /// Rows left out because their class does not occur in the training part.
  var strangers: Int
}

/// Divides rows by a plan: the host's own act, before any agent has learned anything.
///
/// Texts that are the same under ``normalisedKey(_:)`` form one group. A plan by shares deals whole
/// groups, so that no text stands in two parts. A plan by a column keeps the named test rows whole
/// and leaves out of the others what the test part holds. Within a stratum groups are dealt in a
/// seeded random order so that each part gets its share of that stratum, the rounding going to the
/// largest remainder.
struct Splitter {
  let plan: SplitPlan
  let seed: UInt64
  /// Name of the column that is predicted.
  let labelColumn: String

  /// Splits.
  ///
  /// - Throws: ``ExecutionError`` when a column is missing, a part stays empty, or `by` names an
  ///   unknown part.
  /// - Complexity: O(rows · text length).
  func split(_ table: Table) throws -> Split {
    let texts = try table.strings("text").map { normalisedKey($0 ?? "") }
    let strata = try plan.stratify.map { try column($0, of: table) }
    var result = Split(rows: [:], leaks: 0, strangers: 0)
    if let by = plan.by {
      try splitByColumn(try column(by, of: table), texts: texts, strata: strata, into: &result)
    } else {
      let shares = plan.parts.map { ($0, plan.shares[$0] ?? 0) }
      deal(Array(0..<table.rowCount), shares: shares, texts: texts, strata: strata, into: &result)
    }
    if let labels = try? table.strings(labelColumn) { dropStrangers(labels, from: &result) }
    for part in plan.parts where result.rows[part, default: []].isEmpty {
      throw ExecutionError(
        .failedPrecondition,
        "the split leaves the \(part.rawValue) part without a row (there are \(table.rowCount) rows)",
        remedy: "give '\(part.rawValue)' a larger share, or more data")
    }
    return result
  }

  private func column(_ name: String, of table: Table) throws -> [String] {
    guard table.column(name) != nil else {
      throw ExecutionError(
        .invalidArgument, "the split names a column '\(name)' that the rows do not have",
        remedy: "columns are \(table.columns.map(\.name).joined(separator: ", "))")
    }
    return try table.strings(name).map { $0 ?? "" }
  }

  private func splitByColumn(
    _ parts: [String], texts: [String], strata: [String]?, into result: inout Split
  ) throws {
    var training: [Int] = []
    var test: [Int] = []
    for (row, name) in parts.enumerated() {
      switch name {
      case "train": training.append(row)
      case "test": test.append(row)
      default:
        throw ExecutionError(
          .invalidArgument, "row \(row + 1) is marked as part '\(name)'",
          remedy: "name the parts train and test")
      }
    }
    let sealed = Set(test.map { texts[$0] })
    let clean = training.filter { !sealed.contains(texts[$0]) }
    result.leaks = training.count - clean.count
    result.rows[.test] = test
    let rest = plan.shares.values.reduce(0, +)
    let shares = plan.parts.filter { $0 != .test }.map {
      ($0, $0 == .train ? 1 - rest : plan.shares[$0] ?? 0)
    }
    deal(clean, shares: shares, texts: texts, strata: strata, into: &result)
  }

  /// Deals groups of equal texts to parts by their shares, stratum by stratum.
  private func deal(
    _ rows: [Int], shares: [(part: SplitPlan.Part, share: Double)], texts: [String],
    strata: [String]?, into result: inout Split
  ) {
    var groups: [String: [Int]] = [:]
    var order: [String] = []
    for row in rows {
      if groups[texts[row]] == nil { order.append(texts[row]) }
      groups[texts[row], default: []].append(row)
    }
    let byStratum = Dictionary(grouping: order) { text in
      groups[text].flatMap { rows in rows.first.flatMap { strata?[$0] } } ?? ""
    }
    var generator = SplitMix64(seed: seed)
    for stratum in byStratum.keys.sorted() {
      let members = (byStratum[stratum] ?? []).shuffled(using: &generator)
      let counts = apportion(members.count, shares: shares.map(\.share))
      var next = 0
      for (entry, count) in zip(shares, counts) {
        for text in members[next..<(next + count)] {
          result.rows[entry.part, default: []] += groups[text] ?? []
        }
        next += count
      }
    }
    for (part, _) in shares { result.rows[part, default: []].sort() }
  }

  /// A label that the training part does not hold cannot be learned: its rows leave val and blend,
  /// not the test part.
  private func dropStrangers(_ labels: [String?], from result: inout Split) {
    let known = Set((result.rows[.train] ?? []).compactMap { labels[$0] })
    for part in [SplitPlan.Part.val, .blend] {
      guard let rows = result.rows[part] else { continue }
      let kept = rows.filter { labels[$0].map(known.contains) ?? true }
      result.strangers += rows.count - kept.count
      result.rows[part] = kept
    }
  }
}

/// Whole numbers that sum to `total` in the proportion of `shares`, by largest remainders; a tie
/// goes to the first.
func apportion(_ total: Int, shares: [Double]) -> [Int] {
  let sum = shares.reduce(0, +)
  guard sum > 0 else { return shares.map { _ in 0 } }
  let exact = shares.map { Double(total) * $0 / sum }
  var counts = exact.map { Int($0) }
  let byRemainder = exact.indices.sorted {
    (exact[$1] - Double(counts[$1]), $0) < (exact[$0] - Double(counts[$0]), $1)
  }
  for index in byRemainder.prefix(total - counts.reduce(0, +)) { counts[index] += 1 }
  return counts
}
