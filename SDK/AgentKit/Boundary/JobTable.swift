import CadreABI

/// One job's number with the host's job functions.
struct JobTable {
  private let host: HostTable
  private let jobs: UnsafePointer<cadre_jobs>
  let job: cadre_job
  private let scope: BorrowScope

  init(_ host: HostTable, job: cadre_job, scope: BorrowScope) throws(AgentFailure) {
    self.host = host
    jobs = try host.jobs()
    self.job = job
    self.scope = scope
  }

  private var size: UInt32 { jobs.pointee.size }

  func input(_ port: String) throws(AgentFailure) -> InputValue {
    let ask = try need(size, CADRE_END_cadre_jobs_input, "cadre_jobs.input", jobs.pointee.input)
    let raw = try BorrowedValue(host) { out in
      withStr(port) { ask(host.pointer, job, $0, out) }
    }
    return InputValue(port: port, raw: raw, scope: scope)
  }

  func next(_ port: String, timeout: Duration) throws(AgentFailure) -> StreamItem {
    let ask = try need(size, CADRE_END_cadre_jobs_next, "cadre_jobs.next", jobs.pointee.next)
    var answer: UInt32 = 0
    let raw = try BorrowedValue(host) { out in
      withStr(port) { ask(host.pointer, job, $0, timeout.nanoseconds, out, &answer) }
    }
    switch Int(answer) {
    case CADRE_STREAM_VALUE: return .value(InputValue(port: port, raw: raw, scope: scope))
    case CADRE_STREAM_WAIT: return .wait
    case CADRE_STREAM_END: return .end
    case CADRE_STREAM_STOPPED: return .stopped
    default: throw AgentFailure(.internal, "the host answered \(answer) to next", where: port)
    }
  }

  func set(_ port: String, _ value: OutputValue) throws(AgentFailure) {
    if case .tensor(let tensor) = value, reaches(size, CADRE_END_cadre_jobs_allocate),
      let allocate = jobs.pointee.allocate
    {
      return try write(tensor, port, allocate)
    }
    let give = try need(
      size, CADRE_END_cadre_jobs_output, "cadre_jobs.output", jobs.pointee.output)
    try value.withCValue(host) { value in
      withStr(port) { give(host.pointer, job, $0, value) }
    }
  }

  func emit(
    _ port: String, _ value: OutputValue, timeout: Duration
  ) throws(AgentFailure) -> EmitAnswer {
    let emit = try need(size, CADRE_END_cadre_jobs_emit, "cadre_jobs.emit", jobs.pointee.emit)
    var answer: UInt32 = 0
    try value.withCValue(host) { value in
      withStr(port) { emit(host.pointer, job, $0, value, timeout.nanoseconds, &answer) }
    }
    switch Int(answer) {
    case CADRE_STREAM_VALUE: return .accepted
    case CADRE_STREAM_WAIT: return .wait
    case CADRE_STREAM_STOPPED: return .stopped
    default: throw AgentFailure(.internal, "the host answered \(answer) to emit", where: port)
    }
  }

  func progress(_ fraction: Double?, _ note: String) {
    guard reaches(size, CADRE_END_cadre_jobs_progress), let tell = jobs.pointee.progress
    else { return }
    withStr(note) { tell(host.pointer, job, fraction ?? -1, $0) }
  }

  var stop: Bool {
    guard reaches(size, CADRE_END_cadre_jobs_stop), let ask = jobs.pointee.stop else {
      return false
    }
    return ask(host.pointer, job) != 0
  }

  var timeLeft: Duration? {
    guard reaches(size, CADRE_END_cadre_jobs_deadline), let ask = jobs.pointee.deadline else {
      return nil
    }
    let left = ask(host.pointer, job)
    return left == .max ? nil : Duration(nanoseconds: left)
  }

  var seed: UInt64 {
    guard reaches(size, CADRE_END_cadre_jobs_seed), let ask = jobs.pointee.seed else { return 0 }
    return ask(host.pointer, job)
  }

  /// Writes a tensor into memory that the host allocates for the port.
  private func write(
    _ tensor: TensorValue, _ port: String,
    _ allocate: (
      UnsafePointer<cadre_host>?, cadre_job, cadre_str, UnsafePointer<cadre_tensor_request>?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> UnsafeMutablePointer<cadre_error>?
  ) throws(AgentFailure) {
    let shape = tensor.shape.map(Int64.init)
    var memory: UnsafeMutableRawPointer?
    try check(
      shape.withUnsafeBufferPointer { axes in
        var request = cadre_tensor_request(
          size: UInt32(CADRE_END_cadre_tensor_request_rank), dtype: tensor.type.rawValue,
          shape: axes.baseAddress, rank: UInt64(axes.count))
        return withStr(port) { allocate(host.pointer, job, $0, &request, &memory) }
      })
    tensor.withElements { bytes in
      guard let memory, let base = bytes.baseAddress else { return }
      memory.copyMemory(from: base, byteCount: bytes.count)
    }
  }
}
