import Autodiff
import CadreABI
import Synchronization
import TensorCore

/// A tape behind a handle.
///
/// `@unchecked Sendable`: the tape is only touched inside `withTape`, under the lock. The ABI asks for
/// one thread at a time; the lock keeps an agent that forgets it from breaking the host's memory.
final class TapeBox: @unchecked Sendable {
  private let tape = Tape()
  private let lock = Mutex(())

  func withTape(_ body: (Tape) throws -> [Tensor]) throws -> [Tensor] {
    try lock.withLock { _ in try body(tape) }
  }
}

/// The table `cadre.tape/1`, the same for every agent: each call names its host.
public enum TapeTable {
  /// The table; lives for ever.
  public nonisolated(unsafe) static let pointer: UnsafePointer<cadre_tapes> = {
    let table = UnsafeMutablePointer<cadre_tapes>.allocate(capacity: 1)
    table.initialize(
      to: cadre_tapes(
        size: UInt32(CADRE_END_cadre_tapes_release), reserved: 0, begin: begin, watch: watch,
        gradient: gradient, release: release))
    return UnsafePointer(table)
  }()

  private typealias Host = UnsafePointer<cadre_host>
  private typealias Failure = UnsafeMutablePointer<cadre_error>

  /// More variables than any network of this host has; a larger count is a wrong argument.
  private static let variableLimit: UInt64 = 1 << 20

  private static let begin:
    @convention(c) (Host?, UnsafeMutablePointer<OpaquePointer?>?) -> Failure? = { host, out in
      ErrorObject.catching {
        let runtime = try HostAnchor.of(host).ops
        guard let out else {
          throw BridgeError(CADRE_INVALID_ARGUMENT, "cadre_tapes.begin", "out is NULL")
        }
        out.pointee = runtime.tapes.insert(TapeBox())
      }
    }

  private static let watch: @convention(c) (Host?, OpaquePointer?, OpaquePointer?) -> Failure? = {
    host, tape, tensor in
    ErrorObject.catching {
      let place = "cadre_tapes.watch"
      let runtime = try HostAnchor.of(host).ops
      let view = try runtime.tensor(tensor, place)
      _ = try runtime.tape(tape, place).withTape {
        try $0.watch(view.tensor)
        return []
      }
    }
  }

  private static let gradient:
    @convention(c) (
      Host?, UnsafePointer<cadre_op_context>?, OpaquePointer?, OpaquePointer?,
      UnsafePointer<OpaquePointer?>?, UInt64, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Failure? = { host, context, tape, loss, variables, count, out in
      ErrorObject.catching {
        let place = "cadre_tapes.gradient"
        let runtime = try HostAnchor.of(host).ops
        guard count <= variableLimit else {
          throw BridgeError(
            CADRE_INVALID_ARGUMENT, place, "\(count) tensors; at most \(variableLimit) are taken")
        }
        guard let variables, let out else {
          throw BridgeError(
            CADRE_INVALID_ARGUMENT, place, "the tensors or out are NULL for a count of \(count)")
        }
        let call = try OpCallContext(context, runtime: runtime, op: place, recorded: false)
        let box = try runtime.tape(tape, place)
        let scalar = try runtime.tensor(loss, "\(place), loss").tensor
        let targets = try (0..<Int(count)).map { index in
          try runtime.tensor(variables[index], "\(place), tensor \(index)").tensor
        }
        let gradients = try runtime.withContext(for: call) { context in
          try box.withTape {
            try $0.gradient(of: scalar, withRespectTo: targets, context: context)
          }
        }
        for (index, handle) in try runtime.handles(for: gradients).enumerated() {
          out[index] = handle
        }
      }
    }

  private static let release: @convention(c) (Host?, OpaquePointer?) -> Void = { host, tape in
    _ = try? HostAnchor.of(host).ops.tapes.release(tape)
  }
}
