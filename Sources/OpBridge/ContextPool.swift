import Synchronization
import TensorCore

/// The compute contexts of one agent, kept because they hold scratch memory.
///
/// A few of them stand ready; a call takes one by a single exchange and gives it back by a plain store.
/// More calls at once than that get contexts of their own for the time.
///
/// `@unchecked Sendable`: a slot's context is only touched by the call that set its flag.
final class ContextPool: @unchecked Sendable {
  private struct Slot: ~Copyable {
    let isTaken = Atomic<Bool>(false)
    var context: Unmanaged<ComputeContext>?
    /// The context's limit; asking the object costs a check of exclusive access.
    var threads = 1
  }

  private static let slotCount = 16

  /// Behind a pointer, so that no reference is counted on the way.
  private let slots: UnsafeMutablePointer<Slot>
  private let memory: MemoryAccount

  init(memory: MemoryAccount) {
    self.memory = memory
    slots = .allocate(capacity: Self.slotCount)
    for index in 0..<Self.slotCount { (slots + index).initialize(to: Slot()) }
  }

  deinit {
    for index in 0..<Self.slotCount { slots[index].context?.release() }
    slots.deinitialize(count: Self.slotCount)
    slots.deallocate()
  }

  /// Lends a context that nobody else uses meanwhile; its generator stands anywhere.
  @inline(__always)
  func withContext<Result>(
    threads: Int, _ body: (ComputeContext) throws -> Result
  ) throws -> Result {
    let slot = slots.pointee.isTaken.exchange(true, ordering: .acquiring) ? otherSlot() : slots
    guard let slot else {
      return try body(ComputeContext(memory: memory, threadLimit: threads))
    }
    defer { slot.pointee.isTaken.store(false, ordering: .releasing) }
    let context = try slot.pointee.context ?? fill(slot)
    return try context._withUnsafeGuaranteedRef {
      if slot.pointee.threads != threads {
        slot.pointee.threads = threads
        $0.threadLimit = threads
      }
      return try body($0)
    }
  }

  /// A slot behind the first one, taken; nil where all are.
  @inline(never)
  private func otherSlot() -> UnsafeMutablePointer<Slot>? {
    for index in 1..<Self.slotCount
    where !slots[index].isTaken.exchange(true, ordering: .acquiring) {
      return slots + index
    }
    return nil
  }

  @inline(never)
  private func fill(_ slot: UnsafeMutablePointer<Slot>) throws -> Unmanaged<ComputeContext> {
    let context = Unmanaged.passRetained(try ComputeContext(memory: memory, threadLimit: 1))
    slot.pointee.context = context
    return context
  }
}
