extension HandleTable where Element: AnyObject {
  /// An object that stays while a call uses it, without its references being counted.
  struct Pin {
    fileprivate let index: UInt32
    /// The object.
    let element: Unmanaged<Element>
  }

  /// The objects that a call uses.
  struct Pins {
    let first: Pin
    /// Nil for a call with one operand.
    let second: Pin?
  }

  /// Pins the object of a handle.
  ///
  /// Counting references up and down costs two exchanges an object; the lock is taken anyway.
  ///
  /// - Returns: nil where the handle is not alive. Else `unpin` follows.
  @inline(__always)
  func pin(_ handle: OpaquePointer?) -> Pins? {
    lock.lock()
    defer { lock.unlock() }
    guard let slot = slot(of: handle), let pin = pin(slot) else { return nil }
    return Pins(first: pin, second: nil)
  }

  /// Pins the objects of two handles, which may be the same.
  ///
  /// - Returns: nil where one of them is not alive; nothing is pinned then. Else `unpin` follows.
  @inline(__always)
  func pin(_ first: OpaquePointer?, _ second: OpaquePointer?) -> Pins? {
    lock.lock()
    defer { lock.unlock() }
    guard let one = slot(of: first), let other = slot(of: second), let pinned = pin(one) else {
      return nil
    }
    return Pins(first: pinned, second: pin(other))
  }

  /// Ends the pins of a call and gives out a handle for its result.
  ///
  /// - Parameters:
  ///   - pins: from `pin`.
  ///   - result: retained, and owned by the table from now on; nil where the call failed.
  @inline(__always)
  func unpin(_ pins: Pins, inserting result: Unmanaged<Element>?) -> OpaquePointer? {
    lock.lock()
    let isLast = unpin(pins.first)
    let isLastToo = if let second = pins.second { unpin(second) } else { false }
    var handle: OpaquePointer?
    if let result {
      handle = fill { slot in
        // The address alone, as in `pin`: the reference moves here.
        withUnsafeMutablePointer(to: &slot.pointee.element) {
          UnsafeMutableRawPointer($0).storeBytes(
            of: UnsafeRawPointer(result.toOpaque()), as: UnsafeRawPointer.self)
        }
      }
    }
    lock.unlock()
    if isLast || isLastToo { sweep(pins) }
    return handle
  }

  @inline(__always)
  private func pin(_ slot: UnsafeMutablePointer<Slot>) -> Pin? {
    // The address alone: reading the property as such would count a reference up and down.
    let address = withUnsafePointer(to: &slot.pointee.element) {
      UnsafeRawPointer($0).load(as: UnsafeRawPointer?.self)
    }
    guard let address else { return nil }
    slot.pointee.pins += 1
    return Pin(
      index: UInt32(truncatingIfNeeded: slot - state.pointee.slots),
      element: Unmanaged.fromOpaque(address))
  }

  /// - Returns: whether nothing keeps the object any more.
  @inline(__always)
  private func unpin(_ pin: Pin) -> Bool {
    let slot = state.pointee.slots + Int(pin.index)
    slot.pointee.pins -= 1
    return slot.pointee.pins == 0 && slot.pointee.references == 0
  }

  /// Empties slots whose handles ended while a call used their objects.
  @inline(never)
  private func sweep(_ pins: Pins) {
    // The objects go outside of the lock, as in `release`.
    var left: [Element?] = []
    lock.withLock {
      for pin in [pins.first, pins.second ?? pins.first] {
        let slot = state.pointee.slots + Int(pin.index)
        guard slot.pointee.pins == 0, slot.pointee.references == 0, slot.pointee.element != nil
        else { continue }
        left.append(empty(slot).element)
      }
    }
    withExtendedLifetime(left) {}
  }
}
