import Synchronization

/// Gives out handles for objects, in place of their addresses.
///
/// A handle looks like a pointer to C and is none: it holds a tag, a generation and an index. So a
/// handle that was released, made up, or taken from another table is refused instead of crashing
/// the host. Each has a count of references, changed from any thread.
///
/// - Complexity: every call is O(1) under one short lock.
public final class HandleTable<Element: Sendable>: Sendable {
  private struct Slot {
    var generation: UInt64 = 0
    var references = 0
    var element: Element?
  }

  private struct State {
    var slots: [Slot] = []
    var free: [Int] = []
    var alive = 0
  }

  /// Generations have 24 bits; a slot that used them up is never used again.
  private static var lastGeneration: UInt64 { 0xFF_FFFF }

  private let tag: UInt64
  private let state = Mutex(State())

  /// Makes an empty table.
  ///
  /// - Parameter tag: sets the handles of this table apart from those of others, for instance
  ///   tapes from tensors.
  public init(tag: UInt8) { self.tag = UInt64(tag) << 56 }

  /// The number of handles that are alive.
  public var count: Int { state.withLock { $0.alive } }

  /// Gives out a handle with one reference.
  public func insert(_ element: Element) -> OpaquePointer? {
    state.withLock { state in
      let index: Int
      if let reused = state.free.popLast() {
        index = reused
      } else {
        index = state.slots.count
        state.slots.append(Slot())
      }
      state.alive += 1
      state.slots[index].references = 1
      state.slots[index].element = element
      return handle(index, generation: state.slots[index].generation)
    }
  }

  /// The object behind a handle; nil where the handle is not alive or not of this table.
  public func find(_ handle: OpaquePointer?) -> Element? {
    state.withLock { state in
      index(of: handle, in: state).flatMap { state.slots[$0].element }
    }
  }

  /// Adds a reference.
  ///
  /// - Returns: false where the handle is not alive or not of this table.
  @discardableResult
  public func retain(_ handle: OpaquePointer?) -> Bool {
    state.withLock { state in
      guard let index = index(of: handle, in: state) else { return false }
      state.slots[index].references += 1
      return true
    }
  }

  /// Takes a reference away; the handle ends with the last one.
  ///
  /// - Returns: false where the handle is not alive or not of this table.
  @discardableResult
  public func release(_ handle: OpaquePointer?) -> Bool {
    // The element leaves the lock before it is destroyed: its destruction may run foreign deleters.
    let (found, last): (Bool, Element?) = state.withLock { state in
      guard let index = index(of: handle, in: state) else { return (false, nil) }
      state.slots[index].references -= 1
      guard state.slots[index].references == 0 else { return (true, nil) }
      return (true, empty(index, in: &state))
    }
    _ = last
    return found
  }

  /// Ends a handle whatever its count, and gives the object back.
  public func take(_ handle: OpaquePointer?) -> Element? {
    state.withLock { state in
      index(of: handle, in: state).flatMap { empty($0, in: &state) }
    }
  }

  /// Ends all handles.
  ///
  /// - Returns: how many were alive.
  @discardableResult
  public func removeAll() -> Int {
    let left: [Element] = state.withLock { state in
      state.slots.indices.compactMap { index in
        state.slots[index].element == nil ? nil : empty(index, in: &state)
      }
    }
    return left.count
  }

  private func empty(_ index: Int, in state: inout State) -> Element? {
    let element = state.slots[index].element
    state.alive -= 1
    state.slots[index].element = nil
    state.slots[index].generation += 1
    if state.slots[index].generation <= Self.lastGeneration { state.free.append(index) }
    return element
  }

  private func handle(_ index: Int, generation: UInt64) -> OpaquePointer? {
    OpaquePointer(bitPattern: UInt(tag | (generation << 32) | UInt64(index + 1)))
  }

  private func index(of handle: OpaquePointer?, in state: borrowing State) -> Int? {
    guard let handle else { return nil }
    let bits = UInt64(UInt(bitPattern: handle))
    let index = Int(bits & 0xFFFF_FFFF) - 1
    guard bits & 0xFF00_0000_0000_0000 == tag, state.slots.indices.contains(index),
      state.slots[index].element != nil,
      state.slots[index].generation == (bits >> 32) & Self.lastGeneration
    else { return nil }
    return index
  }
}
