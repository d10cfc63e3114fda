import ArrowTables
import CadreABI

/// The other side of the boundary, written against the C tables alone: it lends values, takes outputs,
/// and writes down what it was told.
///
/// Its tables may be cut short to play an older host.
final class TestHost {
  /// What an agent gave on a port.
  enum Output: Equatable {
    case text(kind: Int, String)
    case scalar(dtype: Int, f64: Double, i64: Int64, text: String)
    case table(Table)
    case tensor(shape: [Int64], code: Int, bits: Int, [UInt8])
    case model(task: String, format: String, metadata: String, tensors: [String: [Int64]])
  }

  let memory = Memory()
  let host: UnsafeMutablePointer<cadre_host>
  let jobs: UnsafeMutablePointer<cadre_jobs>
  /// Fills the value of an input port; the host's own error for a port that is not here.
  var inputs: [String: (UnsafeMutablePointer<cadre_value>) -> Void] = [:]
  var datasetTable: Table?
  var modelTensors: [String: UnsafePointer<DLTensor>] = [:]
  var outputs: [String: Output] = [:]
  var emitted: [Output] = []
  var streamAnswers: [Int] = []
  var log: [String] = []
  var progress: [String] = []
  var mustStop = false
  var lastRequest = ""
  var discarded = 0
  var liveErrors = 0
  var explanations: [String] = []
  private var allocations: [String: (shape: [Int64], dtype: UInt32, UnsafeMutableRawPointer, Int)] =
    [:]
  private var builders:
    [(task: String, format: String, metadata: String, tensors: [String: [Int64]])] =
      []

  init() {
    jobs = memory.one(cadre_jobs())
    host = memory.one(cadre_host())
    jobs.pointee = Self.jobFunctions
    host.pointee = cadre_host(
      size: UInt32(CADRE_END_cadre_host_extension), reserved: 0,
      data: Unmanaged.passUnretained(self).toOpaque(), name: memory.str("test-host"),
      version: memory.str("9.9.9"), jobs: jobs,
      log: { host, level, message in
        TestHost.behind(host)?.log.append("\(level) \(message.string)")
      },
      error: nil,
      extension: { host, id in TestHost.behind(host)?.find(id.string) })
  }

  static func behind(_ host: UnsafePointer<cadre_host>?) -> TestHost? {
    host?.pointee.data.map { Unmanaged<TestHost>.fromOpaque($0).takeUnretainedValue() }
  }

  private func find(_ id: String) -> UnsafeRawPointer? {
    switch id {
    case CADRE_DATA_ID: UnsafeRawPointer(memory.one(Self.dataFunctions))
    case CADRE_MODEL_ID: UnsafeRawPointer(memory.one(Self.modelFunctions))
    default: nil
    }
  }

  /// An error object of this host, counted until it is released.
  func error(_ code: Int, _ message: String) -> UnsafeMutablePointer<cadre_error> {
    liveErrors += 1
    let box = memory.one(ErrorBox(code: UInt32(code), text: memory.str(message), host: self))
    return memory.one(
      cadre_error(
        size: UInt32(CADRE_END_cadre_error_release), reserved: 0,
        data: UnsafeMutableRawPointer(box),
        code: { ErrorBox.behind($0)?.code ?? 0 },
        message: { ErrorBox.behind($0)?.text ?? cadre_str() },
        where: nil, cause: nil, retry_after: { _ in 2_000_000_000 },
        release: { ErrorBox.behind($0)?.host.liveErrors -= 1 }))
  }

  /// Reads what an agent gave.
  func take(_ value: UnsafePointer<cadre_value>) throws -> Output {
    switch Int(value.pointee.kind) {
    case CADRE_KIND_TABLE: return .table(try Table(importing: value.pointee.table))
    case CADRE_KIND_SCALAR:
      return .scalar(
        dtype: Int(value.pointee.dtype), f64: value.pointee.f64, i64: value.pointee.i64,
        text: value.pointee.text.string)
    case CADRE_KIND_TENSOR:
      let managed: UnsafeMutablePointer<DLManagedTensorVersioned> = value.pointee.managed
      defer { managed.pointee.deleter(managed) }
      let tensor = managed.pointee.dl_tensor
      let shape = (0..<Int(tensor.ndim)).map { tensor.shape[$0] }
      let count = Int(shape.reduce(1, *)) * Int(tensor.dtype.bits) / 8
      return .tensor(
        shape: shape, code: Int(tensor.dtype.code), bits: Int(tensor.dtype.bits),
        Array(UnsafeRawBufferPointer(start: tensor.data, count: count)))
    case CADRE_KIND_MODEL:
      let model = builders[Int(bitPattern: value.pointee.model) - 1]
      return .model(
        task: model.task, format: model.format, metadata: model.metadata, tensors: model.tensors)
    case let kind: return .text(kind: kind, value.pointee.text.string)
    }
  }

  /// The tensors that an agent wrote into memory of this host.
  func finishAllocations() {
    for (port, (shape, dtype, memory, count)) in allocations {
      outputs[port] = .tensor(
        shape: shape, code: -1, bits: Int(dtype),
        Array(UnsafeRawBufferPointer(start: memory, count: count)))
    }
  }

  private static let jobFunctions = cadre_jobs(
    size: UInt32(CADRE_END_cadre_jobs_done), reserved: 0,
    input: { host, _, port, out in
      guard let test = TestHost.behind(host), let out else { return nil }
      guard let fill = test.inputs[port.string] else {
        return test.error(CADRE_NOT_FOUND, "nothing is on '\(port.string)'")
      }
      fill(out)
      return nil
    },
    next: { host, _, port, timeout, out, answer in
      guard let test = TestHost.behind(host), let out else { return nil }
      let next = test.streamAnswers.isEmpty ? CADRE_STREAM_END : test.streamAnswers.removeFirst()
      if next == CADRE_STREAM_VALUE { test.inputs[port.string]?(out) }
      answer?.pointee = UInt32(next)
      test.lastRequest = "timeout \(timeout)"
      return nil
    },
    output: { host, _, port, value in
      guard let test = TestHost.behind(host), let value else { return nil }
      guard test.outputs[port.string] == nil, let output = try? test.take(value) else {
        return test.error(CADRE_ALREADY_EXISTS, "'\(port.string)' is set already")
      }
      test.outputs[port.string] = output
      return nil
    },
    allocate: { host, _, port, request, out in
      guard let test = TestHost.behind(host), let request else { return nil }
      let shape = (0..<Int(request.pointee.rank)).map { request.pointee.shape[$0] }
      let width = [6: 4, 5: 8, 4: 4, 7: 8, 2: 1, 3: 1][Int(request.pointee.dtype)] ?? 0
      let count = Int(shape.reduce(1, *)) * width
      let memory = test.memory.bytes(max(1, count))
      test.allocations[port.string] = (shape, request.pointee.dtype, memory, count)
      out?.pointee = memory
      return nil
    },
    emit: { host, _, _, value, _, answer in
      guard let test = TestHost.behind(host), let value, let output = try? test.take(value) else {
        return nil
      }
      test.emitted.append(output)
      answer?.pointee = UInt32(
        test.streamAnswers.isEmpty ? CADRE_STREAM_VALUE : test.streamAnswers.removeFirst())
      return nil
    },
    progress: { host, job, fraction, note in
      TestHost.behind(host)?.progress.append("\(job) \(fraction) \(note.string)")
    },
    stop: { host, _ in TestHost.behind(host)?.mustStop == true ? 1 : 0 },
    deadline: { _, _ in 1_500_000_000 },
    seed: { _, _ in 42 },
    done: nil)

  private static let dataFunctions = cadre_data(
    size: UInt32(CADRE_END_cadre_data_open), reserved: 0,
    info: { host, _, out in
      guard let test = TestHost.behind(host) else { return nil }
      out?.pointee.rows = Int64(test.datasetTable?.rowCount ?? 0)
      out?.pointee.classes = UnsafePointer(
        test.memory.array([test.memory.str("ham"), test.memory.str("spam")]))
      out?.pointee.class_count = 2
      return nil
    },
    open: { host, _, request, out in
      guard let test = TestHost.behind(host), let request, let out, let table = test.datasetTable
      else { return nil }
      let columns = (0..<Int(request.pointee.column_count)).map {
        request.pointee.columns[$0].string
      }
      test.lastRequest =
        "batch \(request.pointee.batch) columns \(columns) shuffle \(request.pointee.shuffle) "
        + "seed \(request.pointee.seed) epoch \(request.pointee.epoch) "
        + "shard \(request.pointee.shard)/\(request.pointee.shard_count)"
      guard let selected = try? columns.isEmpty ? table : table.selecting(columns) else {
        return test.error(CADRE_PERMISSION_DENIED, "the port does not declare it")
      }
      selected.exportStream(to: out, batchRows: max(1, Int(request.pointee.batch)))
      return nil
    })

  private static let modelFunctions = cadre_models(
    size: UInt32(CADRE_END_cadre_models_discard), reserved: 0,
    info: { host, _, out in
      guard let test = TestHost.behind(host) else { return nil }
      out?.pointee.task = test.memory.str("text.classify/1")
      out?.pointee.format = test.memory.str("org.example.t/1")
      out?.pointee.metadata = test.memory.str(#"{"labels":["ham","spam"],"k":3}"#)
      out?.pointee.tensor_count = UInt64(test.modelTensors.count)
      return nil
    },
    tensor: { host, _, index, name, tensor in
      guard let test = TestHost.behind(host) else { return nil }
      let names = test.modelTensors.keys.sorted()
      name?.pointee = test.memory.str(names[Int(index)])
      tensor?.pointee = test.modelTensors[names[Int(index)]]
      return nil
    },
    find: { host, _, name, tensor in
      guard let test = TestHost.behind(host) else { return nil }
      guard let found = test.modelTensors[name.string] else {
        return test.error(CADRE_NOT_FOUND, "there are \(test.modelTensors.keys.sorted())")
      }
      tensor?.pointee = found
      return nil
    },
    begin: { host, spec, out in
      guard let test = TestHost.behind(host), let spec else { return nil }
      test.builders.append(
        (
          spec.pointee.task.string, spec.pointee.format.string, spec.pointee.metadata.string, [:]
        ))
      out?.pointee = OpaquePointer(bitPattern: test.builders.count)
      return nil
    },
    add: { host, builder, name, tensor in
      guard let test = TestHost.behind(host), let tensor else { return nil }
      if name.string == "refused" { return test.error(CADRE_INVALID_ARGUMENT, "refused") }
      let shape = (0..<Int(tensor.pointee.ndim)).map { tensor.pointee.shape[$0] }
      test.builders[Int(bitPattern: builder) - 1].tensors[name.string] = shape
      return nil
    },
    finish: { _, builder, out in
      out?.pointee = builder
      return nil
    },
    discard: { host, _ in TestHost.behind(host)?.discarded += 1 })
}

/// What an error object of the test host points to.
struct ErrorBox {
  let code: UInt32
  let text: cadre_str
  unowned(unsafe) let host: TestHost

  static func behind(_ error: UnsafePointer<cadre_error>?) -> ErrorBox? {
    error?.pointee.data?.assumingMemoryBound(to: ErrorBox.self).pointee
  }
}

/// Memory that lives as long as the test host.
final class Memory {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func one<Value>(_ value: Value) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  func array<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
    for (index, value) in values.enumerated() { (pointer + index).initialize(to: value) }
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  func bytes(_ count: Int) -> UnsafeMutableRawPointer {
    let pointer = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    blocks.append(pointer)
    return pointer
  }

  func str(_ text: String) -> cadre_str {
    let bytes = text.utf8.map { CChar(bitPattern: $0) }
    return cadre_str(data: array(bytes), size: UInt64(bytes.count))
  }
}

extension cadre_str {
  var string: String {
    data.map {
      String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(size)), as: UTF8.self)
    }
      ?? ""
  }
}
