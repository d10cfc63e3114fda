import AgentKit

/// What may be tried: a dimension a setting, in the order of the file.
///
///     let space = try SearchSpace(["hidden": ["choices": [64, 128]]])
public struct SearchSpace: Sendable, Hashable {
  /// The settings' names.
  public let names: [String]
  /// What may be tried for each of them.
  public let dimensions: [SearchDimension]

  /// Reads a space.
  ///
  /// - Parameter json: an object, name → dimension.
  /// - Throws: `AgentFailure` with `failedPrecondition` when there is nothing to try, with
  ///   `invalidArgument` naming the entry that cannot be read.
  public init(_ json: JSONValue) throws(AgentFailure) {
    guard let members = json.members ?? (json == .null ? [] : nil) else {
      throw AgentFailure(
        .invalidArgument, "should be an object of settings, not \(json.kindName)", where: "space")
    }
    guard !members.isEmpty else {
      throw AgentFailure(
        .failedPrecondition,
        "there is nothing to search; name settings with ranges, or train with an agent that has "
          + "tunable settings", where: "space")
    }
    var dimensions: [SearchDimension] = []
    for member in members {
      dimensions.append(try SearchDimension(member.value, place: "space.\(member.key)"))
    }
    self.init(names: members.map(\.key), dimensions: dimensions)
  }

  /// Joins names with dimensions, one each.
  init(names: [String], dimensions: [SearchDimension]) {
    self.names = names
    self.dimensions = dimensions
  }

  /// The number of points; nil when it is infinite or beyond 2⁶³.
  public var count: Int? {
    var count = 1
    for dimension in dimensions {
      guard let values = dimension.count else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: values)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The point of that number in a finite space, the last dimension running fastest.
  ///
  /// - Parameter index: in `0..<count`.
  func point(_ index: Int) -> JSONValue {
    var rest = index
    var values: [JSONValue] = []
    for dimension in dimensions.reversed() {
      let count = dimension.count ?? 1
      values.append(dimension.value(rest % count))
      rest /= count
    }
    return settings(values.reversed())
  }

  /// The number of a point of a finite space; nil where it is none.
  func index(of point: JSONValue) -> Int? {
    var index = 0
    for (name, dimension) in zip(names, dimensions) {
      guard let value = point[name], let place = dimension.index(of: value) else { return nil }
      index = index * (dimension.count ?? 1) + place
    }
    return index
  }

  /// One value a dimension as settings.
  func settings(_ values: [JSONValue]) -> JSONValue {
    .object(zip(names, values).map { JSONValue.Member($0, $1) })
  }

  /// Whether settings name the same point: all of this space's settings are there and equal.
  ///
  /// Settings beyond the space do not count; a round that left one to its default is no point.
  func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
    names.allSatisfy { name in
      guard let a = left[name], let b = right[name] else { return false }
      return SearchDimension.same(a, b)
    }
  }
}
