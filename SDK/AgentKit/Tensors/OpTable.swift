/// The host's tensor operations: where tensors are made and what computes them.
///
///     let ops = try job.ops()
///     let x = try ops.tensor([2, 2], [1, 2, 3, 4])
///     let y = try x.matmul(x).relu()
///
/// A value that names a job and a number of threads; the operations themselves belong to the host.
public struct OpTable: Sendable {
  let core: OpCore
  let job: UInt64
  let threads: Int

  /// The op table of a host.
  ///
  /// - Parameters:
  ///   - host: the host.
  ///   - job: the job on whose behalf operations run; 0 outside of one.
  ///   - threads: threads to compute on; 0: the host's choice.
  /// - Throws: `AgentFailure` with `unimplemented` when the host has no `cadre.ops/1`.
  public init(_ host: Host, job: UInt64 = 0, threads: Int = 0) throws(AgentFailure) {
    core = try OpCore(host.table)
    self.job = job
    self.threads = threads
  }

  /// Makes a tensor of a value, copied.
  public func tensor(_ value: TensorValue) throws(AgentFailure) -> Tensor {
    Tensor(try core.create(value), table: self, tape: nil)
  }

  /// Makes a single-precision tensor.
  ///
  /// - Parameters:
  ///   - shape: the lengths of the axes, outermost first; empty for a scalar.
  ///   - values: the elements, row-major.
  public func tensor(_ shape: [Int], _ values: [Float]) throws(AgentFailure) -> Tensor {
    try tensor(TensorValue(shape: shape, values))
  }

  /// Makes a tensor of 32-bit whole numbers, such as indices.
  ///
  /// Literals without a type make single-precision tensors: write `as [Int32]`.
  @_disfavoredOverload
  public func tensor(_ shape: [Int], _ values: [Int32]) throws(AgentFailure) -> Tensor {
    try tensor(TensorValue(shape: shape, elements: .i32(values)))
  }

  /// Makes a tensor of 64-bit whole numbers, such as targets.
  ///
  /// Literals without a type make single-precision tensors: write `as [Int64]`.
  @_disfavoredOverload
  public func tensor(_ shape: [Int], _ values: [Int64]) throws(AgentFailure) -> Tensor {
    try tensor(TensorValue(shape: shape, elements: .i64(values)))
  }

  /// Makes a tensor of truth values, such as a mask.
  public func tensor(_ shape: [Int], _ values: [Bool]) throws(AgentFailure) -> Tensor {
    Tensor(try core.create(shape, booleans: values), table: self, tape: nil)
  }

  /// Makes a single-precision tensor without axes.
  public func scalar(_ value: Float) throws(AgentFailure) -> Tensor { try tensor([], [value]) }

  /// Makes a tensor of zeros.
  public func zeros(_ shape: [Int], _ type: ElementType = .f32) throws(AgentFailure) -> Tensor {
    Tensor(try core.zeros(shape, type), table: self, tape: nil)
  }

  /// Runs an operation that gives one result; it is recorded where an operand is on a tape.
  func run(
    _ name: OpName, _ inputs: [Tensor], _ attributes: OpAttributes = .none,
    seed: UInt64 = 0, counter: UInt64 = 0
  ) throws(AgentFailure) -> Tensor {
    try run(name, inputs, attributes, outputs: 1, seed: seed, counter: counter)[0]
  }

  /// Runs an operation; it is recorded where an operand is on a tape.
  func run(
    _ name: OpName, _ inputs: [Tensor], _ attributes: OpAttributes = .none, outputs: Int,
    seed: UInt64 = 0, counter: UInt64 = 0
  ) throws(AgentFailure) -> [Tensor] {
    // Parameters were made outside of the job; the job's own operands say on whose behalf this runs.
    let table = inputs.first { $0.table.job != 0 }?.table ?? self
    let tape = try Tape.common(of: inputs, op: name.rawValue)
    let handles = try table.core.run(
      name, inputs.map(\.handle), attributes, outputs: outputs,
      in: OpCall(
        job: table.job, threads: table.threads, tape: tape?.handle, seed: seed, counter: counter))
    return handles.map { Tensor($0, table: table, tape: tape) }
  }

  /// Runs an operation that changes its first operands in place.
  @discardableResult
  func step(
    _ name: OpName, _ inputs: [Tensor], _ attributes: OpAttributes = .none, outputs: Int = 0
  ) throws(AgentFailure) -> [Tensor] {
    try core.run(
      name, inputs.map(\.handle), attributes, outputs: outputs,
      in: OpCall(job: job, threads: threads)
    ).map { Tensor($0, table: self, tape: nil) }
  }
}
