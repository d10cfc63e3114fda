import CadreABI
import Synchronization

/// The module of an agent type: the table that the host reads, and the type that its `open` makes.
///
/// An image has one agent type as a rule; a test opens several.
///
/// `@unchecked Sendable`: all fields are constant, and nobody writes to the table after `init`.
final class ModuleObject: @unchecked Sendable {
  private let type: any Agent.Type
  private let table: UnsafePointer<cadre_module>
  private let texts = Arena()

  // Kept for ever: a module lives as long as its image, which is never unmapped.
  private static let made = Mutex<[ObjectIdentifier: ModuleObject]>([:])

  /// The module of a type, made at the first call.
  static func module(of type: any Agent.Type) -> UnsafePointer<cadre_module> {
    let object = made.withLock { made in
      if let object = made[ObjectIdentifier(type)] { return object }
      let object = ModuleObject(type)
      made[ObjectIdentifier(type)] = object
      return object
    }
    return object.table
  }

  private init(_ type: any Agent.Type) {
    let identity = type.identity
    let table = texts.one(
      cadre_module(
        size: UInt32(CADRE_END_cadre_module_extension), reserved: 0, id: texts.str(identity.id),
        version: texts.str(identity.version), about: texts.str(identity.about), data: nil,
        open: { ModuleObject.open($0, $1, $2, $3) }, extension: nil))
    self.type = type
    self.table = UnsafePointer(table)
    table.pointee.data = Unmanaged.passUnretained(self).toOpaque()
  }

  private static func open(
    _ module: UnsafePointer<cadre_module>?, _ host: UnsafePointer<cadre_host>?,
    _ config: cadre_str, _ out: UnsafeMutablePointer<UnsafeMutablePointer<cadre_agent>?>?
  ) -> UnsafeMutablePointer<cadre_error>? {
    ErrorObject.catching {
      guard let data = module?.pointee.data, let host, let out else {
        throw AgentFailure(
          .invalidArgument, "the module, the host or out is NULL", where: "open")
      }
      let type = Unmanaged<ModuleObject>.fromOpaque(data).takeUnretainedValue().type
      out.pointee = try AgentObject.give(type, host, config: config)
    }
  }
}
