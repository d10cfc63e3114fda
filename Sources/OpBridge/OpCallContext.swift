import Autodiff
import CadreABI
import TensorCore

/// Everything of a call that is not an operand, read from the C struct.
struct OpCallContext {
  private(set) var threads = 0
  private(set) var tape: TapeBox?
  private(set) var generator = PhiloxGenerator(seed: 0)

  /// Reads the context of an operation; NULL leaves everything to the host.
  @inline(__always)
  init(
    _ context: UnsafePointer<cadre_op_context>?, runtime: OpRuntime, op: OpDefinition
  ) throws {
    self.init()
    if let context { try read(context, runtime: runtime, recorded: true) { op.id } }
  }

  /// Reads a context without looking at its tape: what runs here is not recorded.
  init(
    unrecorded context: UnsafePointer<cadre_op_context>?, runtime: OpRuntime, place: String
  ) throws {
    self.init()
    if let context { try read(context, runtime: runtime, recorded: false) { place } }
  }

  private init() {}

  private mutating func read(
    _ context: UnsafePointer<cadre_op_context>, runtime: OpRuntime, recorded: Bool,
    _ place: () -> String
  ) throws {
    let size = Int(context.pointee.size)
    if size >= CADRE_END_cadre_op_context_threads {
      threads = Int(context.pointee.threads)
    }
    if recorded, size >= CADRE_END_cadre_op_context_tape, let handle = context.pointee.tape {
      tape = try runtime.tape(handle, place())
    }
    if size >= CADRE_END_cadre_op_context_counter {
      generator = PhiloxGenerator(seed: context.pointee.seed, counter: context.pointee.counter)
    }
    if size >= CADRE_END_cadre_op_context_arena, context.pointee.arena != nil {
      throw BridgeError(
        CADRE_UNIMPLEMENTED, place(),
        "this host has one allocator; leave the context's arena NULL")
    }
    if size >= CADRE_END_cadre_op_context_device, context.pointee.device.size != 0 {
      let device = context.pointee.device.clampedBytes(16)
      guard device.isEmpty || device.elementsEqual("cpu".utf8) else {
        throw BridgeError(
          CADRE_UNIMPLEMENTED, place(),
          "the only device is \"cpu\"; leave the context's device empty")
      }
    }
  }

  /// The threads that the operation may use.
  func threads(atMost limit: Int) -> Int { threads == 0 ? limit : min(threads, limit) }
}
