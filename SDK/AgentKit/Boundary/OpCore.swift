import CadreABI

/// Everything of an operation's call that is not an operand.
struct OpCall {
  let job: cadre_job
  let threads: Int
  var tape: TapeHandle? = nil
  var seed: UInt64 = 0
  var counter: UInt64 = 0

  /// The same for C; names the tape's handle, so the call must outlive it.
  var context: cadre_op_context {
    var context = cadre_op_context()
    context.size = UInt32(CADRE_END_cadre_op_context_device)
    context.threads = UInt32(clamping: threads)
    context.job = job
    context.tape = tape?.pointer
    context.seed = seed
    context.counter = counter
    return context
  }
}

/// `cadre.ops/1` with its operations found once.
///
/// `@unchecked Sendable`: all fields are constant; the host's functions are called for one job at a time.
final class OpCore: @unchecked Sendable {
  let host: HostTable
  let ops: UnsafePointer<cadre_ops>
  private let found: [OpName: OpaquePointer]

  init(_ host: HostTable) throws(AgentFailure) {
    self.host = host
    let ops = try host.require(CADRE_OPS_ID, cadre_ops.self)
    self.ops = ops
    let find = try need(
      ops.pointee.size, CADRE_END_cadre_ops_find, "cadre_ops.find", ops.pointee.find)
    var found: [OpName: OpaquePointer] = [:]
    for name in OpName.allCases {
      found[name] = withStr(name.rawValue) { find(host.pointer, $0, 1) }
    }
    self.found = found
  }

  private var size: UInt32 { ops.pointee.size }

  func create(_ value: TensorValue) throws(AgentFailure) -> TensorHandle {
    try value.withElements { bytes in
      Result { () throws(AgentFailure) in
        try create(value.shape, value.type, bytes.baseAddress)
      }
    }.get()
  }

  func zeros(_ shape: [Int], _ type: ElementType) throws(AgentFailure) -> TensorHandle {
    _ = try TensorValue.elementCount(of: shape)
    return try create(shape, type, nil)
  }

  /// Bytes of 0 and 1.
  func create(_ shape: [Int], booleans: [Bool]) throws(AgentFailure) -> TensorHandle {
    guard try TensorValue.elementCount(of: shape) == booleans.count else {
      throw AgentFailure(
        .invalidArgument, "a tensor \(shape) does not have \(booleans.count) elements")
    }
    let bytes: [UInt8] = booleans.map { $0 ? 1 : 0 }
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(AgentFailure) in try create(shape, .bool, bytes.baseAddress) }
    }.get()
  }

  private func create(
    _ shape: [Int], _ type: ElementType, _ elements: UnsafeRawPointer?
  ) throws(AgentFailure) -> TensorHandle {
    let create = try need(
      size, CADRE_END_cadre_ops_create, "cadre_ops.create", ops.pointee.create)
    var made: OpaquePointer?
    let axes = shape.map(Int64.init)
    try check(
      axes.withUnsafeBufferPointer { axes in
        var spec = cadre_tensor_spec(
          size: UInt32(CADRE_END_cadre_tensor_spec_elements), dtype: type.rawValue,
          shape: axes.baseAddress, rank: UInt64(axes.count), elements: elements)
        return create(host.pointer, &spec, &made)
      })
    return try TensorHandle(taking: made, self)
  }

  func run(
    _ name: OpName, _ inputs: [TensorHandle], _ attributes: OpAttributes, outputs count: Int,
    in call: OpCall
  ) throws(AgentFailure) -> [TensorHandle] {
    guard let op = found[name] else {
      throw AgentFailure(
        .unimplemented, "this host does not have the operation \(name.rawValue)/1")
    }
    let run = try need(size, CADRE_END_cadre_ops_run, "cadre_ops.run", ops.pointee.run)
    var context = call.context
    var results = [OpaquePointer?](repeating: nil, count: count)
    let operands = inputs.map { Optional($0.pointer) }
    let error = attributes.withStruct { attributes in
      operands.withUnsafeBufferPointer { operands in
        results.withUnsafeMutableBufferPointer { results in
          var request = cadre_op_request(
            size: UInt32(CADRE_END_cadre_op_request_outputs),
            input_count: UInt32(operands.count), inputs: operands.baseAddress,
            attributes: attributes, output_count: UInt32(count), reserved: 0,
            outputs: results.baseAddress)
          return run(host.pointer, &context, op, &request)
        }
      }
    }
    // The operands' handles must outlive the call: `operands` holds addresses only.
    try withExtendedLifetime((inputs, call)) { () throws(AgentFailure) in try check(error) }
    var handles: [TensorHandle] = []
    for result in results { handles.append(try TensorHandle(taking: result, self)) }
    return handles
  }
}
