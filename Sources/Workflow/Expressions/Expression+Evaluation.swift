extension Expression {
  /// Calculates the expression.
  ///
  /// A value may be missing: there is no round before the first, and a skipped step gives nothing.
  /// What is calculated from a missing value is missing, but `false and missing` is false and
  /// `true or missing` is true (Kleene's three-valued logic). Numbers follow IEEE 754: a
  /// comparison with NaN is false, `!=` apart.
  ///
  /// - Parameter value: the value of a path, nil where it is missing. What it throws is passed on.
  /// - Returns: the result, nil where it is missing.
  /// - Complexity: O(terms).
  public func evaluate(
    _ value: (ExpressionPath) throws -> ExpressionValue?
  ) rethrows -> ExpressionValue? {
    try Self.evaluate(root, value)
  }

  /// Whether the condition holds; a missing result does not hold.
  public func holds(_ value: (ExpressionPath) throws -> ExpressionValue?) rethrows -> Bool {
    try evaluate(value) == .bool(true)
  }

  private static func evaluate(
    _ term: Term, _ value: (ExpressionPath) throws -> ExpressionValue?
  ) rethrows -> ExpressionValue? {
    switch term.kind {
    case .literal(let literal): return literal
    case .path(let path): return try value(path)
    case .negate(let inner):
      guard case .number(let number)? = try evaluate(inner, value) else { return nil }
      return .number(-number)
    case .not(let inner):
      guard case .bool(let truth)? = try evaluate(inner, value) else { return nil }
      return .bool(!truth)
    case .call(let function, let arguments):
      var numbers: [Double] = []
      for argument in arguments {
        guard case .number(let number)? = try evaluate(argument, value) else { return nil }
        numbers.append(number)
      }
      return function.result(of: numbers).map(ExpressionValue.number)
    case .binary(let joint, let left, let right):
      return joint.result(try evaluate(left, value), try evaluate(right, value))
    }
  }
}

extension Expression.Function {
  /// The function's value; NaN where an argument is NaN, nil for no arguments.
  fileprivate func result(of numbers: [Double]) -> Double? {
    if numbers.contains(where: \.isNaN) { return .nan }
    return switch self {
    case .min: numbers.min()
    case .max: numbers.max()
    case .abs: numbers.first?.magnitude
    }
  }
}

extension Expression.Operator {
  fileprivate func result(
    _ left: ExpressionValue?, _ right: ExpressionValue?
  ) -> ExpressionValue? {
    switch (self, left, right) {
    case (.and, .bool(false)?, _), (.and, _, .bool(false)?): .bool(false)
    case (.and, .bool(true)?, .bool(true)?): .bool(true)
    case (.or, .bool(true)?, _), (.or, _, .bool(true)?): .bool(true)
    case (.or, .bool(false)?, .bool(false)?): .bool(false)
    case (_, .number(let a)?, .number(let b)?): result(a, b)
    case (.equal, let a?, let b?): .bool(a == b)
    case (.notEqual, let a?, let b?): .bool(a != b)
    default: nil
    }
  }

  private func result(_ a: Double, _ b: Double) -> ExpressionValue? {
    switch self {
    case .less: .bool(a < b)
    case .lessOrEqual: .bool(a <= b)
    case .greater: .bool(a > b)
    case .greaterOrEqual: .bool(a >= b)
    case .equal: .bool(a == b)
    case .notEqual: .bool(a != b)
    case .add: .number(a + b)
    case .subtract: .number(a - b)
    case .multiply: .number(a * b)
    case .divide: .number(a / b)
    case .or, .and: nil
    }
  }
}
