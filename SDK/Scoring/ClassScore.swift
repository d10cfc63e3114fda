/// One class's line in a report.
public struct ClassScore: Equatable, Sendable {
  /// The class's index.
  public let label: Int
  /// The rows that truly belong to the class.
  public let support: Int
  /// The rows that were predicted as the class.
  public let predictedCount: Int
  /// Of the rows predicted as the class, the share that belongs to it; 0 where none was predicted.
  public let precision: Double
  /// Of the rows that belong to the class, the share predicted as it; 0 where there are none.
  public let recall: Double
  /// The harmonic mean of precision and recall; 0 where the class occurs nowhere.
  public let f1: Double
}
