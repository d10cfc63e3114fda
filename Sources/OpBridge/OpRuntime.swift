import Autodiff
import CadreABI
import Synchronization
import TensorCore

/// The operations as one agent sees them: its handles, its memory account, its contexts.
public final class OpRuntime: Sendable {
  /// The operations.
  public let registry: OpRegistry
  /// Where results are counted.
  public let memory: MemoryAccount
  /// The most threads that one operation may use.
  public let threadLimit: Int

  let tensors = HandleTable<DLTensorView>(tag: 0x51)
  let tapes = HandleTable<TapeBox>(tag: 0x52)
  private let definitions: [UInt: OpDefinition]
  private let contexts = Mutex<[ContextBox]>([])

  /// Makes the view of one agent.
  ///
  /// - Parameters:
  ///   - registry: the operations.
  ///   - memory: where results are counted.
  ///   - threadLimit: the most threads that one operation may use.
  public init(
    registry: OpRegistry = .standard, memory: MemoryAccount = MemoryAccount(), threadLimit: Int = 1
  ) {
    self.registry = registry
    self.memory = memory
    self.threadLimit = max(threadLimit, 1)
    // Made now, while there is memory for it.
    _ = ErrorObject.immortal
    let pairs = registry.all.map { (OpRuntime.address(of: $0), $0) }
    definitions = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// Handles of tensors and tapes that the agent holds.
  ///
  /// 0 when it released all it took.
  public var handleCount: Int { tensors.count + tapes.count }

  /// Ends all handles, when the agent is closed.
  ///
  /// - Returns: how many it had not released.
  @discardableResult
  public func releaseAll() -> Int {
    tapes.removeAll() + tensors.removeAll()
  }

  func operation(_ handle: OpaquePointer?) throws -> OpDefinition {
    guard let handle, let definition = definitions[UInt(bitPattern: handle)] else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, "cadre_ops.run",
        handle == nil ? "the op is NULL; `find` did not know it" : "the op is none that `find` gave"
      )
    }
    return definition
  }

  static func address(of definition: OpDefinition) -> UInt {
    UInt(bitPattern: Unmanaged.passUnretained(definition).toOpaque())
  }

  func tensor(_ handle: OpaquePointer?, _ place: @autoclosure () -> String) throws -> DLTensorView {
    guard let view = tensors.find(handle) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place(),
        handle == nil
          ? "the tensor is NULL" : "the tensor handle is released, or none of this agent's")
    }
    return view
  }

  func tape(_ handle: OpaquePointer?, _ place: @autoclosure () -> String) throws -> TapeBox {
    guard let box = tapes.find(handle) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place(),
        handle == nil ? "the tape is NULL" : "the tape handle is released, or none of this agent's")
    }
    return box
  }

  /// Puts tensors behind new handles.
  func handles(for results: [Tensor]) throws -> [OpaquePointer?] {
    try results.map { try DLTensorView($0) }.map { tensors.insert($0) }
  }

  /// Lends a context that nobody else uses meanwhile.
  ///
  /// Contexts hold scratch memory, so they are kept.
  func withContext<R>(for call: OpCallContext, _ body: (ComputeContext) throws -> R) throws -> R {
    let box: ContextBox
    if let kept = contexts.withLock({ $0.popLast() }) {
      box = kept
    } else {
      box = ContextBox(context: try ComputeContext(memory: memory))
    }
    defer { contexts.withLock { $0.append(box) } }
    box.context.threadLimit = call.threads == 0 ? threadLimit : min(call.threads, threadLimit)
    box.context.generator = call.generator
    return try body(box.context)
  }
}

/// `@unchecked Sendable`: a context is in the list of free ones, or with exactly one call.
private struct ContextBox: @unchecked Sendable {
  let context: ComputeContext
}
