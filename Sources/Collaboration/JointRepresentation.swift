/// φ: how the members' representations become one.
public enum Fusion: String, Hashable, Sendable, CaseIterable {
  /// z_c = [z_1 … z_n], one after the other; members may differ in width.
  case concat
}

/// A representation of rows: row-major `[rows, width]`.
public struct Representation: Hashable, Sendable {
  /// Rows.
  public let rowCount: Int
  /// Features a row.
  public let width: Int
  /// Row-major values.
  public let values: [Float]

  /// A representation.
  ///
  /// - Throws: ``CollaborationError`` when the number of values is not rows · width.
  public init(rowCount: Int, width: Int, values: [Float]) throws(CollaborationError) {
    guard values.count == rowCount * width else {
      throw CollaborationError(
        "a representation of \(values.count) values is not [\(rowCount), \(width)]")
    }
    self.rowCount = rowCount
    self.width = width
    self.values = values
  }

  /// z_c = φ(z_1 … z_n).
  ///
  /// - Throws: ``CollaborationError`` when the members saw different numbers of rows.
  /// - Complexity: O(rows · Σ widths).
  public static func fused(
    _ members: [Representation], by fusion: Fusion = .concat
  ) throws(CollaborationError) -> Representation {
    guard let rows = members.first?.rowCount else {
      throw CollaborationError("nothing to fuse: the team has no member")
    }
    guard members.allSatisfy({ $0.rowCount == rows }) else {
      throw CollaborationError(
        "the members' representations have \(members.map(\.rowCount)) rows; they must be equal")
    }
    switch fusion {
    case .concat:
      let width = members.reduce(0) { $0 + $1.width }
      var values: [Float] = []
      values.reserveCapacity(rows * width)
      for row in 0..<rows {
        for member in members {
          values += member.values[(row * member.width)..<((row + 1) * member.width)]
        }
      }
      return try Representation(rowCount: rows, width: width, values: values)
    }
  }
}
