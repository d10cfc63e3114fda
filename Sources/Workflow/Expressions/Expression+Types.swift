extension Expression {
  /// The expression's type, its operands checked.
  ///
  /// - Parameter typeOf: the type of a path; nil where it is unknown, which fits everything and
  ///   is reported by whoever knows why.
  /// - Throws: `NotationError` at the first term whose type does not fit.
  func type(_ typeOf: (ExpressionPath) -> ExpressionType?) throws -> ExpressionType? {
    try Self.type(of: root, in: text, typeOf)
  }

  private static func type(
    of term: Term, in text: String, _ typeOf: (ExpressionPath) -> ExpressionType?
  ) throws -> ExpressionType? {
    func want(_ wanted: ExpressionType, _ inner: Term, for what: String) throws {
      guard let given = try type(of: inner, in: text, typeOf), given != wanted else { return }
      throw NotationError(
        message: "\(what) takes \(wanted.rawValue), but '\(inner.text(in: text))' is "
          + given.rawValue,
        offset: inner.offset, length: inner.length,
        remedy: wanted == .bool
          ? "compare it, as in \(inner.text(in: text)) >= 0.5" : "write \(wanted.rawValue) here")
    }
    switch term.kind {
    case .literal(let value): return value.type
    case .path(let path): return typeOf(path)
    case .negate(let inner):
      try want(.number, inner, for: "'-'")
      return .number
    case .not(let inner):
      try want(.bool, inner, for: "'not'")
      return .bool
    case .call(let function, let arguments):
      for argument in arguments { try want(.number, argument, for: "\(function.rawValue)(…)") }
      return .number
    case .binary(let joint, let left, let right):
      switch joint {
      case .or, .and:
        try want(.bool, left, for: "'\(joint.rawValue)'")
        try want(.bool, right, for: "'\(joint.rawValue)'")
        return .bool
      case .add, .subtract, .multiply, .divide:
        try want(.number, left, for: "'\(joint.rawValue)'")
        try want(.number, right, for: "'\(joint.rawValue)'")
        return .number
      case .less, .lessOrEqual, .greater, .greaterOrEqual:
        try want(.number, left, for: "'\(joint.rawValue)'")
        try want(.number, right, for: "'\(joint.rawValue)'")
        return .bool
      case .equal, .notEqual:
        let first = try type(of: left, in: text, typeOf)
        let second = try type(of: right, in: text, typeOf)
        if let first, let second, first != second {
          throw NotationError(
            message: "'\(joint.rawValue)' compares \(first.rawValue) with \(second.rawValue)",
            offset: term.offset, length: term.length,
            remedy: "compare values of one type")
        }
        return .bool
      }
    }
  }
}

extension Expression.Term {
  /// The term as it stands in its expression's text.
  func text(in text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.unicodeScalars.dropFirst(offset).prefix(length))
    return String(view)
  }
}
