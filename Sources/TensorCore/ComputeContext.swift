import TensorKernels

/// All that computing needs beside its operands: kernels, memory account, generator, threads.
///
/// One context belongs to one job: it is not thread-safe, and holds scratch memory that is reused
/// from call to call. Make one a job; making one is cheap.
public final class ComputeContext {
  /// The instruction set that kernels run with.
  public let instructionSet: InstructionSet
  /// Where results and scratch memory are counted.
  public let memory: MemoryAccount
  /// Whose threads compute.
  public let pool: ComputePool
  /// The most threads that one operation may use, at least 1.
  public var threadLimit: Int {
    didSet { threadLimit = max(threadLimit, 1) }
  }
  /// The source of random numbers; dropout moves it on.
  public var generator: PhiloxGenerator

  let kernels: UnsafePointer<tk_kernels>
  private var scratch: Storage?

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - instructionSet: nil takes the process's choice: `CADRE_ISA`, else the best of the machine.
  ///   - memory: where results are counted.
  ///   - seed: the generator's key.
  ///   - threadLimit: the most threads that one operation may use.
  ///   - pool: whose threads compute.
  /// - Throws: `TensorError.Code.unsupportedInstructionSet` when `CADRE_ISA` or the argument names
  ///   a set that is unknown or that this machine does not have.
  public init(
    instructionSet: InstructionSet? = nil, memory: MemoryAccount = .shared, seed: UInt64 = 0,
    threadLimit: Int = 1, pool: ComputePool = .shared
  ) throws(TensorError) {
    let chosen: InstructionSet
    if let instructionSet {
      chosen = instructionSet
    } else {
      chosen = try InstructionSet.processDefault.get()
    }
    self.kernels = try chosen.kernels()
    self.instructionSet = chosen
    self.memory = memory
    self.generator = PhiloxGenerator(seed: seed)
    self.threadLimit = max(threadLimit, 1)
    self.pool = pool
  }

  /// The threads that an operation may use.
  var threads: Int { min(threadLimit, pool.threads) }

  /// Calls a body over ranges that cover `0 ..< count`; see `ComputePool.run`.
  func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    pool.run(threads: threads, count: count, grain: grain, body)
  }

  /// Lends 64-byte aligned memory, undefined, kept for the next call.
  func withScratch<R>(
    byteCount: Int, _ body: (UnsafeMutableRawPointer) -> R
  ) throws(TensorError) -> R {
    let block: Storage
    if let scratch, scratch.byteCount >= byteCount {
      block = scratch
    } else {
      scratch = nil  // the smaller block goes before the larger one comes
      block = try Storage(byteCount: byteCount, account: memory)
      scratch = block
    }
    return body(block.address)
  }
}

extension ComputeContext {
  /// The kernels of an element type; bool shares those of bytes.
  ///
  /// - Throws: `TensorError.Code.dtypeMismatch` for types that are stored only.
  func table(
    _ dtype: DType, op: String, shapes: @autoclosure () -> [Shape]
  ) throws(TensorError) -> UnsafePointer<tk_element_kernels> {
    switch dtype {
    case .f32: return kernels.pointee.f32
    case .f64: return kernels.pointee.f64
    case .i32: return kernels.pointee.i32
    case .i64: return kernels.pointee.i64
    case .u8, .bool: return kernels.pointee.u8
    case .bf16, .i8:
      throw TensorError(
        .dtypeMismatch, op: op, shapes: shapes(),
        rule: "\(dtype) is a storage type only; cast it first")
    }
  }

  /// The kernels of a floating-point type that was checked before.
  func real(_ dtype: DType) -> UnsafePointer<tk_element_kernels> {
    dtype == .f64 ? kernels.pointee.f64 : kernels.pointee.f32
  }
}
