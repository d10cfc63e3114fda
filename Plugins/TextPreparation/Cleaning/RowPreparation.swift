import AgentKit

/// Prepares the rows of a table: cleans texts, drops what cannot be used, removes duplicates.
///
/// It learns nothing: what becomes of a row depends on it and its duplicates alone.
public struct RowPreparation {
  private let settings: PreparationSettings
  private var report = PreparationReport()

  /// Prepares a table.
  ///
  /// - Parameters:
  ///   - table: has the columns `text` and `label`; `part` parts it; all others are kept.
  ///   - settings: how.
  ///   - checkStop: called now and then; throws when the work is to end.
  /// - Returns: the rows that are left, in their order, and what was done.
  /// - Throws: `TableError` when a column is missing or no text.
  /// - Complexity: O(length of all texts).
  public static func prepare(
    _ table: Table, _ settings: PreparationSettings, checkStop: () throws -> Void = {}
  ) throws -> (table: Table, report: PreparationReport) {
    var preparation = RowPreparation(settings)
    let result = try preparation.run(table, checkStop)
    return (result, preparation.report)
  }

  private init(_ settings: PreparationSettings) { self.settings = settings }

  private mutating func run(_ table: Table, _ checkStop: () throws -> Void) throws -> Table {
    let labels = try table.strings("label")
    let parts = table.column("part") == nil ? nil : try table.strings("part")
    var texts: [String?] = []
    for (row, text) in try table.strings("text").enumerated() {
      if row.isMultiple(of: 256) { try checkStop() }
      texts.append(text.map { clean($0) })
    }
    report.rowsIn = table.rowCount
    var kept: [Int] = []
    for row in 0..<table.rowCount {
      if texts[row]?.isEmpty ?? true {
        report.withoutText += 1
      } else if labels[row] == nil && settings.missingLabel == .drop {
        report.withoutLabel += 1
      } else {
        kept.append(row)
      }
    }
    if settings.removesDuplicates {
      kept = try withoutDuplicates(kept, texts, labels, parts, checkStop)
    }
    report.rowsOut = kept.count
    let cleaned = try table.replacing(
      TableColumn("text", .utf8(texts), tags: table.requiredColumn("text").tags))
    return cleaned.rows(at: kept)
  }

  private mutating func clean(_ text: String) -> String {
    var changed: Set<CleaningStep> = []
    let result = settings.cleaner.clean(text, changed: &changed)
    if !changed.isEmpty { report.changed += 1 }
    for step in changed { report.steps[step, default: 0] += 1 }
    return result
  }

  /// Rows are duplicates within their part only: the host answers for what lies across parts.
  private struct Key: Hashable {
    let part: String?
    let text: String
  }

  private mutating func withoutDuplicates(
    _ rows: [Int], _ texts: [String?], _ labels: [String?], _ parts: [String?]?,
    _ checkStop: () throws -> Void
  ) throws -> [Int] {
    var groups: [Key: [Int]] = [:]
    for (count, row) in rows.enumerated() {
      if count.isMultiple(of: 256) { try checkStop() }
      groups[Key(part: parts?[row], text: duplicateKey(texts[row] ?? "")), default: []].append(row)
    }
    var kept: [Int] = []
    for group in groups.values {
      guard group.count > 1 else {
        kept += group
        continue
      }
      let row = survivor(of: group, labels)
      if let row { kept.append(row) }
      report.duplicates += group.count - (row == nil ? 0 : 1)
    }
    return kept.sorted()
  }

  /// The first row with the label that most of the group have; nil when two labels have equally many, since
  /// nothing says which one is right.
  private mutating func survivor(of group: [Int], _ labels: [String?]) -> Int? {
    var votes: [String: Int] = [:]
    for case let label? in group.map({ labels[$0] }) { votes[label, default: 0] += 1 }
    guard let most = votes.values.max() else { return group.first }
    if votes.count > 1 { report.conflicts += 1 }
    let winners = votes.filter { $0.value == most }
    guard winners.count == 1 else {
      report.conflictingRows += group.count
      return nil
    }
    return group.first { labels[$0].map { winners[$0] != nil } ?? false }
  }
}

/// What was done to a table, in counts.
public struct PreparationReport: Sendable, Hashable {
  /// Rows before.
  public internal(set) var rowsIn = 0
  /// Rows after.
  public internal(set) var rowsOut = 0
  /// Texts that some step changed.
  public internal(set) var changed = 0
  /// Texts that each step changed.
  public internal(set) var steps: [CleaningStep: Int] = [:]
  /// Rows dropped because no text was left.
  public internal(set) var withoutText = 0
  /// Rows dropped because they had no label.
  public internal(set) var withoutLabel = 0
  /// Rows dropped as duplicates, those of undecided conflicts included.
  public internal(set) var duplicates = 0
  /// Groups of duplicates with different labels.
  public internal(set) var conflicts = 0
  /// Rows of groups that were dropped whole, because two labels had equally many rows.
  public internal(set) var conflictingRows = 0

  /// The report as the task's JSON; keys keep their order.
  public var json: JSONValue {
    var steps: JSONValue = [:]
    for step in CleaningStep.allCases {
      if let count = self.steps[step] { steps[step.rawValue] = .int(count) }
    }
    return [
      "rows_in": .int(rowsIn), "rows_out": .int(rowsOut), "changed": .int(changed), "steps": steps,
      "without_text": .int(withoutText), "without_label": .int(withoutLabel),
      "duplicates": .int(duplicates), "label_conflicts": .int(conflicts),
      "undecided_rows": .int(conflictingRows),
    ]
  }
}
