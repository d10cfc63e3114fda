import CadreABI

/// What `cadre_host.data` points to: the way from a call of an agent back to its host.
///
/// One an agent. The bridge needs the op part; the host's own services are the owner's.
public final class HostAnchor: Sendable {
  /// Operations, handles and memory of this agent.
  public let ops: OpRuntime
  /// The host's object for this agent.
  public let owner: any AnyObject & Sendable

  private let unmanagedOps: Unmanaged<OpRuntime>

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - ops: operations, handles and memory of the agent.
  ///   - owner: the host's object for the agent.
  public init(ops: OpRuntime, owner: any AnyObject & Sendable) {
    self.ops = ops
    self.owner = owner
    unmanagedOps = .passUnretained(ops)
  }

  /// The anchor of the host that an agent named as the first argument.
  ///
  /// - Throws: `BridgeError` for NULL. Another wrong pointer cannot be detected.
  public static func of(_ host: UnsafePointer<cadre_host>?) throws -> HostAnchor {
    guard let data = host?.pointee.data else { throw noHost }
    return Unmanaged<HostAnchor>.fromOpaque(data).takeUnretainedValue()
  }

  /// The operations of that host, without counting references: it outlives every call of its agent.
  @inline(__always)
  static func withOps<Result>(
    of host: UnsafePointer<cadre_host>?, _ body: (OpRuntime) throws -> Result
  ) throws -> Result {
    guard let data = host?.pointee.data else { throw noHost }
    return try Unmanaged<HostAnchor>.fromOpaque(data)._withUnsafeGuaranteedRef { anchor in
      try anchor.unmanagedOps._withUnsafeGuaranteedRef { try body($0) }
    }
  }

  private static var noHost: BridgeError {
    BridgeError(CADRE_INVALID_ARGUMENT, "cadre_host", "the host is NULL")
  }
}
