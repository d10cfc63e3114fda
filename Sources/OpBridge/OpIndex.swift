import Autodiff
import CadreABI
import Synchronization

/// The operations that one agent can name, by handle: those of the host, then those that it defined.
///
/// A handle holds a tag and an index, and is valid for ever. Handles of the host's operations are the
/// same for all agents; those of defined ones name the agent, so that another's are refused.
final class OpIndex: Sendable {
  private struct Defined {
    var operations: [PluginOp] = []
    var isClosed = false
  }

  static let hostTag: UInt64 = 0x50 << 56
  private static let definedTag: UInt64 = 0x53 << 56
  private static let nextAgent = Atomic<UInt64>(1)

  /// More than any agent has; a table without an end would be a leak.
  private static let limit = 1024

  /// The operations of the host, in the order of their handles.
  let host: [OpDefinition]
  private let hostHandles: [String: UInt64]
  private let agent: UInt64
  private let defined = Mutex(Defined())

  init(_ registry: OpRegistry) {
    host = registry.all
    var handles: [String: UInt64] = [:]
    for (index, definition) in host.enumerated() {
      handles[definition.id] = Self.hostTag | UInt64(index + 1)
    }
    hostHandles = handles
    // 24 bits: an agent's operations are told apart from those of the next 16 million.
    agent = (Self.nextAgent.add(1, ordering: .relaxed).oldValue & 0xFF_FFFF) << 32
  }

  /// The handle of an operation; nil where there is none of that name and version.
  func handle(_ id: String) -> OpaquePointer? {
    if let handle = hostHandles[id] { return OpaquePointer(bitPattern: UInt(handle)) }
    let index = defined.withLock { $0.operations.firstIndex { $0.definition.id == id } }
    return index.flatMap {
      OpaquePointer(bitPattern: UInt(Self.definedTag | agent | UInt64($0 + 1)))
    }
  }

  /// The operation behind a handle; nil for NULL, made-up and foreign ones.
  @inline(__always)
  func find(_ handle: OpaquePointer?) -> OpDefinition? {
    let bits = UInt64(UInt(bitPattern: handle))
    // Of NULL and of index 0 the difference is a large number.
    let index = Int(UInt32(truncatingIfNeeded: bits) &- 1)
    if bits & ~0xFFFF_FFFF == Self.hostTag {
      return index < host.count ? host[index] : nil
    }
    return bits & ~0xFFFF_FFFF == Self.definedTag | agent ? definedOp(index) : nil
  }

  @inline(never)
  private func definedOp(_ index: Int) -> OpDefinition? {
    defined.withLock { index < $0.operations.count ? $0.operations[index].definition : nil }
  }

  /// Adds an operation of the agent.
  ///
  /// - Throws: `AutodiffError` for an id that is taken, `BridgeError` when the agent is closed.
  func add(_ op: PluginOp) throws {
    let id = op.definition.id
    try defined.withLock { defined in
      guard !defined.isClosed else { throw PluginOp.closed(id) }
      guard hostHandles[id] == nil, !defined.operations.contains(where: { $0.definition.id == id })
      else {
        throw AutodiffError(
          .duplicateOp, op: id, message: "is defined already; choose another name or version")
      }
      guard defined.operations.count < Self.limit else {
        throw BridgeError(
          CADRE_RESOURCE_EXHAUSTED, id, "an agent defines at most \(Self.limit) operations")
      }
      defined.operations.append(op)
    }
  }

  /// Forgets what the agent defined: its functions must not be called from now on.
  func close() {
    let operations = defined.withLock { defined in
      defined.isClosed = true
      defer { defined.operations = [] }
      return defined.operations
    }
    for op in operations { op.close() }
  }
}
