import CadreABI
import Synchronization

/// The entry's work: checks the host's version and gives it a module table.
enum Handshake {
  static func answer(
    _ boot: UnsafePointer<cadre_boot>?, _ type: any Agent.Type
  ) -> UnsafePointer<cadre_module>? {
    guard let boot else { return nil }
    let identity = type.identity
    func refuse(_ reason: String) -> UnsafePointer<cadre_module>? {
      withStr("\(identity.id) \(identity.version): \(reason)") { boot.pointee.refuse?(boot, $0) }
      return nil
    }
    guard boot.pointee.magic == UInt32(CADRE_BOOT_MAGIC) else {
      return refuse("the caller is no Cadre host (its magic number is \(boot.pointee.magic))")
    }
    let (major, minor) = (boot.pointee.major, boot.pointee.minor)
    guard major == UInt16(CADRE_ABI_MAJOR), minor == UInt16(CADRE_ABI_MINOR) else {
      return refuse(
        "built for Cadre ABI \(CADRE_ABI_MAJOR).\(CADRE_ABI_MINOR), the host speaks "
          + "\(major).\(minor); rebuild the agent with the host's SDK")
    }
    guard let module = ModuleSlots.module(of: type) else {
      return refuse("the image holds more than \(ModuleSlots.openers.count) agent types")
    }
    return module
  }
}

/// Modules of this image.
///
/// `open` gets no pointer to its module, so a C function can only know the agent's type by being another
/// function: one a slot. An image has one agent type as a rule; a test opens several.
enum ModuleSlots {
  private struct Slot {
    let type: any Agent.Type
    let module: UnsafePointer<cadre_module>
  }

  typealias Open =
    @convention(c) (
      UnsafePointer<cadre_host>?, cadre_str,
      UnsafeMutablePointer<UnsafeMutablePointer<cadre_agent>?>?
    ) -> UnsafeMutablePointer<cadre_error>?

  static let openers: [Open] = [
    { open(0, $0, $1, $2) }, { open(1, $0, $1, $2) }, { open(2, $0, $1, $2) },
    { open(3, $0, $1, $2) }, { open(4, $0, $1, $2) }, { open(5, $0, $1, $2) },
    { open(6, $0, $1, $2) }, { open(7, $0, $1, $2) }, { open(8, $0, $1, $2) },
    { open(9, $0, $1, $2) }, { open(10, $0, $1, $2) }, { open(11, $0, $1, $2) },
    { open(12, $0, $1, $2) }, { open(13, $0, $1, $2) }, { open(14, $0, $1, $2) },
    { open(15, $0, $1, $2) },
  ]

  // The modules are constant and never freed: an image is never unmapped.
  private nonisolated(unsafe) static var slots: [Slot] = []
  private static let lock = Mutex(())

  /// The module of a type, made at the first call; nil when all slots are taken.
  static func module(of type: any Agent.Type) -> UnsafePointer<cadre_module>? {
    let address: Int? = lock.withLock { _ in
      if let slot = slots.first(where: { $0.type == type }) { return Int(bitPattern: slot.module) }
      guard slots.count < openers.count else { return nil }
      let texts = Unmanaged.passRetained(Arena()).takeUnretainedValue()
      let module = UnsafePointer(
        texts.one(
          cadre_module(
            size: UInt32(CADRE_END_cadre_module_extension), reserved: 0,
            id: texts.str(type.identity.id), version: texts.str(type.identity.version),
            about: texts.str(type.identity.about), open: openers[slots.count], extension: nil)))
      slots.append(Slot(type: type, module: module))
      return Int(bitPattern: module)
    }
    return address.flatMap { UnsafePointer(bitPattern: $0) }
  }

  private static func open(
    _ slot: Int, _ host: UnsafePointer<cadre_host>?, _ config: cadre_str,
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<cadre_agent>?>?
  ) -> UnsafeMutablePointer<cadre_error>? {
    ErrorObject.catching {
      guard let host, let out else {
        throw AgentFailure(.invalidArgument, "the host or out is NULL", where: "open")
      }
      let type = lock.withLock { _ in slots[slot].type }
      out.pointee = try AgentObject.give(type, host, config: config)
    }
  }
}
