import TensorKernels

/// All that computing needs beside its operands: kernels, memory account, generator, thread limit.
///
/// One context belongs to one job: it is not thread-safe, and holds scratch memory that is reused
/// from call to call. Make one a job; making one is cheap.
public final class ComputeContext {
  /// The instruction set that kernels run with.
  public let instructionSet: InstructionSet
  /// Where results and scratch memory are counted.
  public let memory: MemoryAccount
  /// The most threads that one operation may use, at least 1; kernels use one today.
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
  /// - Throws: `TensorError.Code.unsupportedInstructionSet` when `CADRE_ISA` or the argument names
  ///   a set that is unknown or that this machine does not have.
  public init(
    instructionSet: InstructionSet? = nil, memory: MemoryAccount = .shared, seed: UInt64 = 0,
    threadLimit: Int = 1
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
  }

  /// Lends memory for `floatCount` floats, undefined, kept for the next call.
  func withScratch<R>(
    floatCount: Int, _ body: (UnsafeMutablePointer<Float>) throws -> R
  ) throws -> R {
    let needed = floatCount * MemoryLayout<Float>.stride
    let block: Storage
    if let scratch, scratch.byteCount >= needed {
      block = scratch
    } else {
      scratch = nil  // the smaller block goes before the larger one comes
      block = try Storage(byteCount: needed, account: memory)
      scratch = block
    }
    return try body(block.address.assumingMemoryBound(to: Float.self))
  }
}
