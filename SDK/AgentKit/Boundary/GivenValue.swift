import CadreABI

extension OutputValue {
  /// Calls `body` with the value as a C struct.
  ///
  /// What is given in it belongs to the callee, also when it fails; texts live during the call.
  func withCValue(
    _ host: HostTable,
    _ body: (UnsafePointer<cadre_value>) -> UnsafeMutablePointer<cadre_error>?
  ) throws(AgentFailure) {
    var value = cadre_value()
    value.size = UInt32(CADRE_END_cadre_value_member_count)
    value.kind = kind.rawValue
    func pass(_ text: String) throws(AgentFailure) {
      try check(
        withStr(text) {
          value.text = $0
          return body(&value)
        })
    }
    func pass(_ bytes: [UInt8]) throws(AgentFailure) {
      try check(
        withStr(bytes) {
          value.text = $0
          return body(&value)
        })
    }
    switch self {
    case .text(let text): try pass(text)
    case .json(let json), .settings(let json): try pass(json.text)
    case .bytes(let bytes), .state(let bytes): try pass(bytes)
    case .scalar(let scalar):
      value.dtype = scalar.type.rawValue
      switch scalar {
      case .f64(let number): value.f64 = number
      case .i64(let number): value.i64 = number
      case .bool(let flag): value.i64 = flag ? 1 : 0
      case .utf8(let text): return try pass(text)
      }
      try check(body(&value))
    case .tensor(let tensor):
      value.managed = GivenTensor.give(tensor)
      try check(body(&value))
    case .hostTensor(let tensor):
      value.managed = try tensor.handle.export()
      try check(body(&value))
    case .table(let table):
      // The callee moves the stream out of this struct during the call, as Arrow's rule has it.
      var stream = ArrowArrayStream()
      table.exportStream(to: &stream)
      try check(
        withUnsafeMutablePointer(to: &stream) {
          value.table = $0
          return body(&value)
        })
    case .model(let draft):
      value.model = try ModelTable.build(draft, host)
      try check(body(&value))
    }
  }
}

extension ScalarValue {
  /// The type of the value.
  var type: ElementType {
    switch self {
    case .f64: .f64
    case .i64: .i64
    case .bool: .bool
    case .utf8: .utf8
    }
  }
}
