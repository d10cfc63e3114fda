import CadreABI
import Contracts
import OpBridge
import TensorCore

/// The job functions, the same for every agent: each call names its host and its job.
enum JobTable {
  /// The table; lives for ever.
  nonisolated(unsafe) static let pointer: UnsafePointer<cadre_jobs> = {
    let table = UnsafeMutablePointer<cadre_jobs>.allocate(capacity: 1)
    table.initialize(
      to: cadre_jobs(
        size: UInt32(CADRE_END_cadre_jobs_done), reserved: 0, input: input, next: next,
        output: output, allocate: allocate, emit: emit, progress: progress, stop: stop,
        deadline: deadline, seed: seed, done: done))
    return UnsafePointer(table)
  }()

  typealias Host = UnsafePointer<cadre_host>
  typealias Failure = UnsafeMutablePointer<cadre_error>

  private static let nameLimit = 256
  private static let noteLimit = 1024

  private static func job(_ host: Host?, _ number: cadre_job) throws -> (HostServices, Job) {
    let services = try HostServices.of(host)
    do {
      return (services, try services.jobs.job(number))
    } catch let error as AgentError {
      services.violation(error.message)
      throw error
    }
  }

  private static func name(_ text: cadre_str) throws -> String {
    try BoundaryText.read(text, limit: nameLimit, place: "port")
  }

  // MARK: In

  private static let input:
    @convention(c) (Host?, cadre_job, cadre_str, UnsafeMutablePointer<cadre_value>?) -> Failure? = {
      host, number, port, out in
      ErrorObject.catching {
        let (services, job) = try job(host, number)
        let port = try name(port)
        let contract = try inputContract(job, port)
        guard !contract.isStream else {
          throw AgentError(
            .failedPrecondition, "'\(port)' is a stream; read it with `next`", where: port)
        }
        guard let value = job.inputs[port] else {
          throw AgentError(.notFound, "the input '\(port)' is not given to this job", where: port)
        }
        try ValueLender(services: services, loans: job.loans).lend(
          value, on: contract, rememberedAs: port, into: out)
      }
    }

  private static let next:
    @convention(c) (
      Host?, cadre_job, cadre_str, UInt64, UnsafeMutablePointer<cadre_value>?,
      UnsafeMutablePointer<UInt32>?
    ) -> Failure? = { host, number, port, _, out, answer in
      ErrorObject.catching {
        let (services, job) = try job(host, number)
        let port = try name(port)
        let contract = try inputContract(job, port)
        guard contract.isStream else {
          throw AgentError(
            .failedPrecondition, "'\(port)' is no stream; read it with `input`", where: port)
        }
        guard !job.isStopping else {
          answer?.pointee = UInt32(CADRE_STREAM_STOPPED)
          return
        }
        // The host has the whole stream before the job starts, so nobody has to wait.
        guard let value = job.next(on: port) else {
          answer?.pointee = UInt32(CADRE_STREAM_END)
          return
        }
        try ValueLender(services: services, loans: job.loans).lend(
          value, on: contract, rememberedAs: nil, into: out)
        answer?.pointee = UInt32(CADRE_STREAM_VALUE)
      }
    }

  private static func inputContract(_ job: Job, _ port: String) throws -> PortContract {
    let contract = job.contract.inputs[port]
    guard let contract, !contract.port.bound else {
      let names = job.contract.offer.inputs.map(\.name).joined(separator: ", ")
      throw AgentError(
        .notFound,
        contract == nil
          ? "'\(port)' is no input of the offer; it has \(names)"
          : "'\(port)' is bound: the award gives it, in `prepare`", where: port)
    }
    return contract
  }

  // MARK: Out

  private static let output:
    @convention(c) (Host?, cadre_job, cadre_str, UnsafePointer<cadre_value>?) -> Failure? = {
      host, number, port, value in
      ErrorObject.catching {
        let services = try HostServices.of(host)
        let receiver = ValueReceiver(services: services)
        let (job, contract) = try place(host, number, port, value, receiver)
        guard !contract.isStream else {
          receiver.discard(value)
          throw AgentError(
            .failedPrecondition, "'\(contract.port.name)' is a stream; use `emit`",
            where: contract.port.name)
        }
        try job.set(try receiver.take(value, on: contract), on: contract)
      }
    }

  private static let emit:
    @convention(c) (
      Host?, cadre_job, cadre_str, UnsafePointer<cadre_value>?, UInt64,
      UnsafeMutablePointer<UInt32>?
    ) -> Failure? = { host, number, port, value, _, answer in
      ErrorObject.catching {
        let services = try HostServices.of(host)
        let receiver = ValueReceiver(services: services)
        let (job, contract) = try place(host, number, port, value, receiver)
        guard contract.isStream else {
          receiver.discard(value)
          throw AgentError(
            .failedPrecondition, "'\(contract.port.name)' is no stream; use `output`",
            where: contract.port.name)
        }
        let isTaken = try job.emit(try receiver.take(value, on: contract), on: contract)
        answer?.pointee = UInt32(isTaken ? CADRE_STREAM_VALUE : CADRE_STREAM_STOPPED)
      }
    }

  /// The job and the port that a value is for; the value is freed where one of them is wrong.
  private static func place(
    _ host: Host?, _ number: cadre_job, _ port: cadre_str,
    _ value: UnsafePointer<cadre_value>?, _ receiver: ValueReceiver
  ) throws -> (Job, PortContract) {
    do {
      let (_, job) = try job(host, number)
      return (job, try job.outputContract(try name(port)))
    } catch {
      receiver.discard(value)
      throw error
    }
  }

  private static let allocate:
    @convention(c) (
      Host?, cadre_job, cadre_str, UnsafePointer<cadre_tensor_request>?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Failure? = { host, number, port, request, out in
      ErrorObject.catching {
        let (services, job) = try job(host, number)
        let contract = try job.outputContract(try name(port))
        let place = contract.port.name
        guard let request, let out,
          Int(request.pointee.size) >= CADRE_END_cadre_tensor_request_rank
        else {
          throw AgentError(
            .invalidArgument,
            "request or out is NULL, or request's size is below "
              + "CADRE_END_cadre_tensor_request_rank", where: place)
        }
        let spec = try TensorSpec(
          abi: request.pointee.dtype, shape: request.pointee.shape, rank: request.pointee.rank,
          place: place)
        let tensor = try Tensor.zeros(spec, account: services.memory)
        let view = try DLTensorView(tensor)
        // The agent writes until the job has ended, also when it was abandoned before.
        job.loans.add { withExtendedLifetime(view) {} }
        try job.set(.tensor(tensor), on: contract)
        out.pointee = view.data
      }
    }

  // MARK: Any thread

  private static let progress: @convention(c) (Host?, cadre_job, Double, cadre_str) -> Void = {
    host, number, fraction, note in
    guard let services = try? HostServices.of(host), let job = try? services.jobs.job(number)
    else { return }
    job.progress(
      fraction >= 0 ? min(fraction, 1) : nil, BoundaryText.lossy(note, limit: noteLimit))
  }

  private static let stop: @convention(c) (Host?, cadre_job) -> UInt32 = { host, number in
    guard let services = try? HostServices.of(host),
      let job = services.jobs.find(JobNumber(rawValue: number))
    else { return 1 }  // who asks for a job that has ended is to stop too
    return job.isStopping ? 1 : 0
  }

  private static let deadline: @convention(c) (Host?, cadre_job) -> UInt64 = { host, number in
    guard let services = try? HostServices.of(host),
      let job = services.jobs.find(JobNumber(rawValue: number))
    else { return 0 }
    guard let expiry = job.expiry else { return .max }
    return ContinuousClock.now.duration(to: expiry).abiNanoseconds
  }

  private static let seed: @convention(c) (Host?, cadre_job) -> UInt64 = { host, number in
    guard let services = try? HostServices.of(host),
      let job = services.jobs.find(JobNumber(rawValue: number))
    else { return 0 }
    return job.seed
  }

  private static let done: @convention(c) (Host?, cadre_job, Failure?) -> Void = {
    host, number, error in
    guard let services = try? HostServices.of(host) else {
      ErrorObject.release(error)
      return
    }
    // Read first: what is given is released in every case.
    let result: Result<Void, AgentError> =
      error.map { .failure(AgentError(taking: $0, agent: services.agent)) } ?? .success(())
    services.done(number, result)
  }
}
