import AgentKit

/// What may be tried for one setting.
public enum SearchDimension: Sendable, Hashable {
  /// One of these values, all different.
  case choices([JSONValue])
  /// A number in a range, both ends included; `logarithmic`: every factor is as likely as every
  /// other.
  case number(ClosedRange<Double>, logarithmic: Bool)
  /// A whole number in a range, both ends included.
  case whole(ClosedRange<Int>, logarithmic: Bool)

  /// Reads `{"choices": [...]}` or `{"kind": ..., "min": ..., "max": ..., "log": ...}`.
  ///
  /// - Parameters:
  ///   - json: one entry of a space.
  ///   - place: the entry's name, for messages.
  /// - Throws: `AgentFailure` with `invalidArgument` naming the entry.
  public init(_ json: JSONValue, place: String) throws(AgentFailure) {
    func wrong(_ message: String) -> AgentFailure {
      AgentFailure(.invalidArgument, message, where: place)
    }
    if let choices = json["choices"] {
      guard let values = choices.arrayValue, !values.isEmpty else {
        throw wrong("'choices' should be an array of at least one value")
      }
      self = .choices(Self.distinct(values))
      return
    }
    guard json.members != nil, let kind = json["kind"]?.stringValue else {
      throw wrong("has neither 'choices' nor a 'kind' with 'min' and 'max'")
    }
    if kind == "bool" {
      self = .choices([false, true])
      return
    }
    guard kind == "f64" || kind == "i64" else {
      throw wrong("a setting of kind '\(kind)' needs 'choices'")
    }
    guard let low = json["min"]?.doubleValue, let high = json["max"]?.doubleValue, low.isFinite,
      high.isFinite
    else { throw wrong("needs the numbers 'min' and 'max', or 'choices'") }
    guard low <= high else { throw wrong("'min' \(low) is above 'max' \(high)") }
    let logarithmic = json["log"]?.boolValue ?? false
    guard !logarithmic || low > 0 else {
      throw wrong("a logarithmic range begins above 0, not at \(low)")
    }
    guard kind == "i64" else {
      self = .number(low...high, logarithmic: logarithmic)
      return
    }
    // A Double holds whole numbers exactly up to 2⁵³.
    let bound = 0x1p53
    guard low >= -bound, high <= bound else {
      throw wrong("whole numbers are searched up to 2⁵³, not in \(low)...\(high)")
    }
    let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
    guard first <= last else { throw wrong("there is no whole number in \(low)...\(high)") }
    self = .whole(first...last, logarithmic: logarithmic)
  }

  /// How many values there are; nil for numbers with a fraction.
  public var count: Int? {
    switch self {
    case .choices(let values): values.count
    case .number(let range, _): range.lowerBound == range.upperBound ? 1 : nil
    case .whole(let range, _): range.count
    }
  }

  /// The value at a place of the range: 0 is its beginning, 1 its end.
  ///
  /// - Parameter share: in 0...1.
  func value(at share: Double) -> JSONValue {
    switch self {
    case .choices(let values):
      return values[min(Int(share * Double(values.count)), values.count - 1)]
    case .number(let range, let logarithmic):
      let value = Self.interpolate(range.lowerBound, range.upperBound, share, logarithmic)
      return .double(Self.clamp(RealFunctions.readable(value), range))
    case .whole(let range, let logarithmic):
      // Half a step beyond either end, so that both ends are as likely as their neighbours.
      let (low, high) = (Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5)
      let value = Self.interpolate(low, high, share, logarithmic)
      let ends = Double(range.lowerBound)...Double(range.upperBound)
      return .int(Int(Self.clamp(value.rounded(), ends)))
    }
  }

  /// The values of a grid: all choices; of a range `points` values, evenly spaced, ends included.
  func grid(points: Int) -> [JSONValue] {
    switch self {
    case .choices(let values): return values
    case .number(let range, let logarithmic):
      let values = Self.shares(points).map { share in
        let value = Self.interpolate(range.lowerBound, range.upperBound, share, logarithmic)
        return JSONValue.double(Self.clamp(RealFunctions.readable(value), range))
      }
      return Self.distinct(values)
    case .whole(let range, let logarithmic):
      let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
      let values = Self.shares(points).map { share in
        JSONValue.int(Int(Self.interpolate(low, high, share, logarithmic).rounded()))
      }
      return Self.distinct(values)
    }
  }

  /// The value of a number in `0..<count`, where there is a count.
  func value(_ index: Int) -> JSONValue {
    switch self {
    case .choices(let values): values[index]
    case .number(let range, _): .double(range.lowerBound)
    case .whole(let range, _): .int(range.lowerBound + index)
    }
  }

  /// The place of a value among `count`; nil where it is none of them.
  func index(of value: JSONValue) -> Int? {
    switch self {
    case .choices(let values): values.firstIndex { Self.same($0, value) }
    case .number(let range, _): Self.same(.double(range.lowerBound), value) ? 0 : nil
    case .whole(let range, _):
      value.doubleValue.flatMap(Int.init(exactly:)).flatMap {
        range.contains($0) ? $0 - range.lowerBound : nil
      }
    }
  }

  /// Whether two values are one: `1` is `1.0`, and numbers may differ by what printing loses.
  static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
    guard let a = left.doubleValue, let b = right.doubleValue else { return left == right }
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  private static func distinct(_ values: [JSONValue]) -> [JSONValue] {
    var result: [JSONValue] = []
    for value in values where !result.contains(where: { same($0, value) }) {
      result.append(value)
    }
    return result
  }

  /// Evenly spaced places from 0 to 1; a single one stands in the middle.
  private static func shares(_ points: Int) -> [Double] {
    points <= 1 ? [0.5] : (0..<points).map { Double($0) / Double(points - 1) }
  }

  private static func interpolate(
    _ low: Double, _ high: Double, _ share: Double, _ logarithmic: Bool
  ) -> Double {
    guard logarithmic else { return low * (1 - share) + high * share }
    let (first, last) = (RealFunctions.log(low), RealFunctions.log(high))
    return RealFunctions.exp(first * (1 - share) + last * share)
  }

  private static func clamp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }
}
