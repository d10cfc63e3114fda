import CadreABI

/// An image that was loaded: its module table, and which file it is.
///
/// `@unchecked Sendable`: the table belongs to an image that is never unmapped, and never changes.
public struct ModuleHandle: @unchecked Sendable {
  /// The agent's id as its manifest states it; the module must say the same.
  public let id: String
  /// The digest of the image, `sha256:` and hexadecimal.
  public let digest: String
  let module: UnsafePointer<cadre_module>

  /// Names a module.
  ///
  /// - Parameters:
  ///   - module: what the image's entry gave; lives as long as the process.
  ///   - id: the agent's id as its manifest states it.
  ///   - digest: the digest of the image.
  public init(module: UnsafePointer<cadre_module>, id: String, digest: String) {
    self.module = module
    self.id = id
    self.digest = digest
  }

  /// The id and version that the module states, checked.
  ///
  /// - Throws: `AgentError` for a table that is too short, broken texts, or another id than the
  ///   manifest's.
  func identity() throws -> (id: String, version: String) {
    let size = Int(module.pointee.size)
    guard size >= CADRE_END_cadre_module_open, module.pointee.open != nil else {
      throw AgentError(
        .failedPrecondition,
        size >= CADRE_END_cadre_module_open
          ? "the module's `open` is NULL"
          : "the module's table of \(size) bytes ends before `open`",
        where: "cadre_module.open", agent: id)
    }
    do {
      let stated = try BoundaryText.read(module.pointee.id, limit: 256, place: "cadre_module.id")
      let version = try BoundaryText.read(
        module.pointee.version, limit: 256, place: "cadre_module.version")
      guard stated == id else {
        throw AgentError(
          .failedPrecondition,
          "the module calls itself '\(stated)', its manifest '\(id)'; correct one of them",
          where: "cadre_module.id")
      }
      return (stated, version)
    } catch let error as AgentError {
      throw AgentError(error.code, error.message, where: error.where, agent: id)
    }
  }

  /// Opens an agent. [control]
  func open(
    host: UnsafePointer<cadre_host>, config: String
  ) throws -> UnsafeMutablePointer<cadre_agent> {
    var agent: UnsafeMutablePointer<cadre_agent>?
    guard let open = module.pointee.open else {
      throw AgentError(.failedPrecondition, "the module's `open` is NULL", agent: id)
    }
    if let error = BoundaryText.with(config, { open(module, host, $0, &agent) }) {
      throw AgentError(taking: error, agent: id)
    }
    guard let agent else {
      throw AgentError(
        .internal, "`open` reported success and gave no agent", where: "cadre_module.open",
        agent: id)
    }
    return agent
  }
}
