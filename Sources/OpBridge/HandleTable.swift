/// Gives out handles for objects, in place of their addresses.
///
/// A handle looks like a pointer to C and is none: it holds a tag, a generation and an index. So a
/// handle that was released, made up, or taken from another table is refused instead of crashing
/// the host. Each has a count of references, changed from any thread.
///
/// `@unchecked Sendable`: `state` and what it points to are only touched under the lock.
///
/// - Complexity: every call but `removeAll` is O(1) under one short lock.
public final class HandleTable<Element: Sendable>: @unchecked Sendable {
  struct Slot {
    var generation: UInt32 = 0
    /// 0: the handle has ended.
    var references: UInt32 = 0
    /// Calls that use the object right now; it stays until they are done, also when its handle ends.
    var pins: UInt32 = 0
    /// Of a free slot: the next free one, or `none`.
    var next = none
    var element: Element?
    /// What was made of the element for those who look at it.
    var companion: AnyObject?
  }

  struct State {
    var slots: UnsafeMutablePointer<Slot>
    var capacity: UInt32
    /// Slots that were ever in use.
    var used: UInt32 = 0
    var free = none
    var alive = 0
  }

  static var none: UInt32 { .max }
  /// Generations have 24 bits; a slot that used them up is never used again.
  private static var lastGeneration: UInt32 { 0xFF_FFFF }

  private let tag: UInt64
  let lock = SpinLock()
  /// Behind a pointer, since accesses to an object's own properties are checked at run time.
  let state: UnsafeMutablePointer<State>

  /// Makes an empty table.
  ///
  /// - Parameter tag: sets the handles of this table apart from those of others, for instance
  ///   tapes from tensors.
  public init(tag: UInt8) {
    self.tag = UInt64(tag) << 56
    state = .allocate(capacity: 1)
    state.initialize(to: State(slots: .allocate(capacity: 16), capacity: 16))
  }

  deinit {
    state.pointee.slots.deinitialize(count: Int(state.pointee.used))
    state.pointee.slots.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// The number of handles that are alive.
  public var count: Int { lock.withLock { state.pointee.alive } }

  /// Gives out a handle with one reference.
  ///
  /// - Returns: nil after four thousand million objects at once.
  public func insert(_ element: Element) -> OpaquePointer? {
    lock.lock()
    defer { lock.unlock() }
    return fill { $0.pointee.element = element }
  }

  /// Takes a free slot, whose element the closure sets.
  @inline(__always)
  func fill(_ set: (UnsafeMutablePointer<Slot>) -> Void) -> OpaquePointer? {
    guard let index = freeSlot() else { return nil }
    let slot = state.pointee.slots + Int(index)
    state.pointee.alive += 1
    slot.pointee.references = 1
    set(slot)
    let generation = UInt64(slot.pointee.generation) << 32
    return OpaquePointer(bitPattern: UInt(tag | generation | UInt64(index + 1)))
  }

  @inline(__always)
  private func freeSlot() -> UInt32? {
    let index = state.pointee.free
    if index != Self.none {
      state.pointee.free = state.pointee.slots[Int(index)].next
      return index
    }
    return newSlot()
  }

  private func newSlot() -> UInt32? {
    let index = state.pointee.used
    guard index < .max - 1 else { return nil }
    if index == state.pointee.capacity { grow() }
    state.pointee.used += 1
    (state.pointee.slots + Int(index)).initialize(to: Slot())
    return index
  }

  /// The object behind a handle; nil where the handle is not alive or not of this table.
  public func find(_ handle: OpaquePointer?) -> Element? {
    lock.withLock { slot(of: handle)?.pointee.element }
  }

  /// What was made of the object behind a handle, and ends with the handle.
  ///
  /// - Parameters:
  ///   - handle: of this table.
  ///   - make: called where there is none yet; of two calls at once one is in vain.
  /// - Returns: nil where the handle is not alive or not of this table.
  func companion<Companion: AnyObject>(
    _ handle: OpaquePointer?, _ make: (Element) throws -> Companion
  ) throws -> Companion? {
    let (element, kept): (Element?, AnyObject?) = lock.withLock {
      guard let slot = slot(of: handle) else { return (nil, nil) }
      return (slot.pointee.element, slot.pointee.companion)
    }
    if let kept = kept as? Companion { return kept }
    guard let element else { return nil }
    let made = try make(element)
    return lock.withLock {
      guard let slot = slot(of: handle) else { return nil }
      // Another thread may have been quicker; what was given out once stays.
      if let kept = slot.pointee.companion as? Companion { return kept }
      slot.pointee.companion = made
      return made
    }
  }

  /// Adds a reference.
  ///
  /// - Returns: false where the handle is not alive or not of this table.
  @discardableResult
  public func retain(_ handle: OpaquePointer?) -> Bool {
    lock.withLock {
      guard let slot = slot(of: handle), slot.pointee.references < .max else { return false }
      slot.pointee.references += 1
      return true
    }
  }

  /// Takes a reference away; the handle ends with the last one.
  ///
  /// - Returns: false where the handle is not alive or not of this table.
  @discardableResult
  public func release(_ handle: OpaquePointer?) -> Bool {
    // The object leaves the lock before it is destroyed: its destruction may run foreign deleters.
    var last: Element?
    var companion: AnyObject?
    lock.lock()
    guard let slot = slot(of: handle) else {
      lock.unlock()
      return false
    }
    slot.pointee.references -= 1
    if slot.pointee.references == 0 { (last, companion) = end(slot) }
    lock.unlock()
    withExtendedLifetime((last, companion)) {}
    return true
  }

  /// Ends a handle whatever its count, and gives the object back.
  public func take(_ handle: OpaquePointer?) -> Element? {
    lock.withLock {
      guard let slot = slot(of: handle) else { return nil }
      let element = slot.pointee.element
      _ = end(slot)
      return element
    }
  }

  /// Ends all handles.
  ///
  /// - Returns: how many were alive.
  @discardableResult
  public func removeAll() -> Int {
    let left: [(Element?, AnyObject?)] = lock.withLock {
      (0..<Int(state.pointee.used)).compactMap { index in
        let slot = state.pointee.slots + index
        return slot.pointee.references == 0 ? nil : end(slot)
      }
    }
    return left.count
  }

  /// Ends a handle; the object leaves with it, unless a call still uses it.
  @inline(__always)
  private func end(
    _ slot: UnsafeMutablePointer<Slot>
  ) -> (element: Element?, companion: AnyObject?) {
    state.pointee.alive -= 1
    slot.pointee.references = 0
    return slot.pointee.pins == 0 ? empty(slot) : (nil, nil)
  }

  @inline(__always)
  func empty(
    _ slot: UnsafeMutablePointer<Slot>
  ) -> (element: Element?, companion: AnyObject?) {
    if slot.pointee.generation < Self.lastGeneration {
      slot.pointee.generation += 1
      slot.pointee.next = state.pointee.free
      state.pointee.free = UInt32(slot - state.pointee.slots)
    }
    return (slot.pointee.element.take(), slot.pointee.companion.take())
  }

  private func grow() {
    let count = Int(state.pointee.used)
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: 2 * count)
    slots.moveInitialize(from: state.pointee.slots, count: count)
    state.pointee.slots.deallocate()
    state.pointee.slots = slots
    state.pointee.capacity = UInt32(clamping: 2 * count)
  }

  @inline(__always)
  func slot(of handle: OpaquePointer?) -> UnsafeMutablePointer<Slot>? {
    let bits = UInt64(UInt(bitPattern: handle))
    // Of NULL and of index 0 the difference is a large number.
    let index = UInt32(truncatingIfNeeded: bits) &- 1
    guard bits & 0xFF00_0000_0000_0000 == tag, index < state.pointee.used else { return nil }
    let slot = state.pointee.slots + Int(index)
    guard slot.pointee.references > 0,
      slot.pointee.generation == UInt32(truncatingIfNeeded: bits >> 32) & Self.lastGeneration
    else { return nil }
    return slot
  }
}
