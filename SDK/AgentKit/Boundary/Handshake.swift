import CadreABI

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
    return ModuleObject.module(of: type)
  }
}
