import Contracts

/// How the host divides rows into parts, from `with.split` of a `data.prepare/1` step.
///
/// By shares of all rows:
///
///     split: {train: 0.7, val: 0.1, blend: 0.05, test: 0.15, stratify: label}
///
/// Or by a column that says `train` or `test` in each row, as `data.collect/1` adds it for several
/// named files; `val` and `blend` are then shares of the rows marked `train`:
///
///     split: {by: part, val: 0.1, blend: 0.05, stratify: label}
public struct SplitPlan: Hashable, Sendable {
  /// A part of the data.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// What agents learn from.
    case train
    /// What a round is measured on.
    case val
    /// What the team's weights are fitted on.
    case blend
    /// What only the host reads, once: sealed.
    case test
  }

  /// The column that names each row's part; nil splits by shares alone.
  public var by: String?
  /// The share of each part in (0, 1): of all rows, or with `by` of the rows marked `train`.
  public var shares: [Part: Double]
  /// The column whose values keep their proportions in each part.
  public var stratify: String?

  /// The parts that the split gives, in the order train, val, blend, test.
  public var parts: [Part] {
    Part.allCases.filter { shares[$0] != nil || (by != nil && ($0 == .train || $0 == .test)) }
  }

  /// The type of a part, given the columns of the rows that are split: the test part is sealed.
  public static func type(of part: Part, columns: TableType?) -> PortType {
    part == .test ? .sealed(.dataset(columns)) : .dataset(columns)
  }
}

extension SplitPlan {
  /// A problem in a split, at a key of it (`` for the split itself).
  struct Problem: Error {
    var key: String
    /// Whether the key itself is wrong, not its value.
    var isKey = false
    var error: NotationError
  }

  /// Reads a split.
  ///
  /// - Throws: an error that says what was expected; see ``read(_:)`` for all problems at once.
  public init(_ value: Setting) throws {
    let reading = Self.read(value)
    if let problem = reading.problems.first { throw problem.error }
    self = reading.plan
  }

  /// Reads a split with every problem in it.
  static func read(_ value: Setting) -> (plan: SplitPlan, problems: [Problem]) {
    var plan = SplitPlan(by: nil, shares: [:], stratify: nil)
    var problems: [Problem] = []
    func report(_ key: String, _ message: String, _ remedy: String, isKey: Bool = false) {
      problems.append(
        Problem(key: key, isKey: isKey, error: NotationError(message: message, remedy: remedy)))
    }
    guard let fields = value.fields else {
      report(
        "", "'split' takes a mapping, not \(value.kindName)",
        "write split: {train: 0.7, val: 0.1, blend: 0.05, test: 0.15}")
      return (plan, problems)
    }
    let known = Part.allCases.map(\.rawValue) + ["by", "stratify"]
    for field in fields {
      if let part = Part(rawValue: field.key) {
        guard let share = field.value.doubleValue, share > 0, share < 1 else {
          report(field.key, "'\(field.key)' takes a share between 0 and 1", "write \(part): 0.1")
          continue
        }
        plan.shares[part] = share
      } else if field.key == "by" || field.key == "stratify" {
        guard let column = field.value.stringValue, !column.isEmpty else {
          report(field.key, "'\(field.key)' takes a column's name", "write \(field.key): label")
          continue
        }
        if field.key == "by" { plan.by = column } else { plan.stratify = column }
      } else {
        report(
          field.key, "'\(field.key)' is no key of 'split'",
          NearMiss.nearest(to: field.key, among: known).map { "did you mean '\($0)'?" }
            ?? "keys are \(known.joined(separator: ", "))", isKey: true)
      }
    }
    guard problems.isEmpty else { return (plan, problems) }
    let sum = plan.shares.values.reduce(0, +)
    if plan.by != nil {
      for part in [Part.train, .test] where plan.shares[part] != nil {
        report(
          part.rawValue, "with 'by' the column says which rows are \(part.rawValue)",
          "remove '\(part.rawValue)', or remove 'by' to split by shares", isKey: true)
      }
      if sum >= 1 {
        report("", "'val' and 'blend' leave nothing to train on", "give them smaller shares")
      }
    } else if plan.shares[.train] == nil {
      report("", "'split' has no 'train'", "give the share to train on, such as train: 0.7")
    } else if (sum - 1).magnitude > 1e-9 {
      report("", "the shares of 'split' sum to \(rounded(sum)), not 1", "make them sum to 1")
    }
    return (plan, problems)
  }

  /// Shares are written with few digits; their sum should not show binary dust.
  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
