import Autodiff
import CadreABI
import TensorCore

/// The operations as one agent sees them: its handles, its memory account, its contexts.
public final class OpRuntime: Sendable {
  /// The operations of the host.
  public let registry: OpRegistry
  /// Where results are counted.
  public let memory: MemoryAccount
  /// The most threads that one operation may use.
  public let threadLimit: Int

  let operations: OpIndex
  let contexts: ContextPool
  let tensors = HandleTable<Tensor>(tag: 0x51)
  let tapes = HandleTable<TapeBox>(tag: 0x52)
  /// The same for `DirectCall`.
  let quick: Quick

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
    operations = OpIndex(registry)
    contexts = ContextPool(memory: memory)
    quick = Quick(tensors, contexts, operations)
    // Made now, while there is memory for it.
    _ = ErrorObject.immortal
  }

  deinit { quick.directs.deallocate() }

  /// The short way of an operation; nil where there is none.
  @inline(__always)
  func direct(_ handle: OpaquePointer?) -> DirectOp? {
    let bits = UInt64(UInt(bitPattern: handle))
    // Of NULL and of index 0 the difference is a large number.
    let index = Int(UInt32(truncatingIfNeeded: bits) &- 1)
    guard bits & ~0xFFFF_FFFF == OpIndex.hostTag, index < quick.directs.count else { return nil }
    return quick.directs[index]
  }

  /// Handles of tensors and tapes that the agent holds.
  ///
  /// 0 when it released all it took.
  public var handleCount: Int { tensors.count + tapes.count }

  /// Ends all handles and what the agent defined, when the agent is closed.
  ///
  /// - Returns: how many handles it had not released.
  @discardableResult
  public func releaseAll() -> Int {
    operations.close()
    return tapes.removeAll() + tensors.removeAll()
  }

  func tensor(_ handle: OpaquePointer?, _ place: @autoclosure () -> String) throws -> Tensor {
    guard let tensor = tensors.find(handle) else { throw Self.noTensor(handle, place()) }
    return tensor
  }

  /// The C description of a tensor; lives until its handle ends.
  ///
  /// Made when it is first asked for: most results are never looked at.
  func view(_ handle: OpaquePointer?, _ place: @autoclosure () -> String) throws -> DLTensorView {
    guard let view = try tensors.companion(handle, { try DLTensorView($0) }) else {
      throw Self.noTensor(handle, place())
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

  /// Puts a tensor behind a new handle.
  ///
  /// - Parameter tensor: made dense where it is not, since its address may be asked for at any time.
  @inline(__always)
  func handle(_ tensor: consuming Tensor) throws -> OpaquePointer? {
    tensors.insert(tensor.isContiguous ? tensor : try tensor.contiguous())
  }

  /// Puts tensors behind new handles, all or none.
  func handles(for results: [Tensor]) throws -> [OpaquePointer?] {
    try results.map { try $0.contiguous() }.map { tensors.insert($0) }
  }

  static func noTensor(_ handle: OpaquePointer?, _ place: String) -> BridgeError {
    BridgeError(
      CADRE_INVALID_ARGUMENT, place,
      handle == nil
        ? "the tensor is NULL" : "the tensor handle is released, or none of this agent's")
  }
}

extension OpRuntime {
  /// What a runtime owns, to be used without counting references.
  ///
  /// `@unchecked Sendable`: constant, and alive as long as the runtime.
  struct Quick: @unchecked Sendable {
    let tensors: Unmanaged<HandleTable<Tensor>>
    let contexts: Unmanaged<ContextPool>
    /// One an operation of the host.
    let directs: UnsafeMutableBufferPointer<DirectOp?>

    init(_ tensors: HandleTable<Tensor>, _ contexts: ContextPool, _ operations: OpIndex) {
      self.tensors = .passUnretained(tensors)
      self.contexts = .passUnretained(contexts)
      directs = .allocate(capacity: operations.host.count)
      _ = directs.initialize(from: operations.host.map(DirectOp.init))
    }
  }
}
