import Autodiff
import CadreABI
import TensorCore

/// The table `cadre.tape/1`, the same for every agent: each call names its host.
public enum TapeTable {
  /// The table; lives for ever.
  public nonisolated(unsafe) static let pointer: UnsafePointer<cadre_tapes> = {
    let table = UnsafeMutablePointer<cadre_tapes>.allocate(capacity: 1)
    table.initialize(
      to: cadre_tapes(
        size: UInt32(CADRE_END_cadre_tapes_saved_bytes), reserved: 0, begin: begin, watch: watch,
        gradient: gradient, release: release, begin_recompute: beginRecompute,
        end_recompute: endRecompute, saved_bytes: savedBytes))
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
      let tensor = try runtime.tensor(tensor, place)
      try runtime.tape(tape, place).withTape(place) { try $0.watch(tensor) }
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
        let call = try OpCallContext(unrecorded: context, runtime: runtime, place: place)
        let box = try runtime.tape(tape, place)
        let scalar = try runtime.tensor(loss, "\(place), loss")
        let targets = try (0..<Int(count)).map { index in
          try runtime.tensor(variables[index], "\(place), tensor \(index)")
        }
        let gradients = try runtime.contexts.withContext(
          threads: call.threads(atMost: runtime.threadLimit)
        ) { context in
          context.generator = call.generator
          return try box.withTape(place) {
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

  private static let beginRecompute: @convention(c) (Host?, OpaquePointer?) -> Failure? = {
    host, tape in
    ErrorObject.catching {
      let place = "cadre_tapes.begin_recompute"
      try HostAnchor.of(host).ops.tape(tape, place).withTape(place) { try $0.beginRecompute() }
    }
  }

  private static let endRecompute: @convention(c) (Host?, OpaquePointer?) -> Failure? = {
    host, tape in
    ErrorObject.catching {
      let place = "cadre_tapes.end_recompute"
      try HostAnchor.of(host).ops.tape(tape, place).withTape(place) { try $0.endRecompute() }
    }
  }

  private static let savedBytes:
    @convention(c) (Host?, OpaquePointer?, UnsafeMutablePointer<UInt64>?) -> Failure? = {
      host, tape, out in
      ErrorObject.catching {
        let place = "cadre_tapes.saved_bytes"
        let box = try HostAnchor.of(host).ops.tape(tape, place)
        guard let out else { throw BridgeError(CADRE_INVALID_ARGUMENT, place, "out is NULL") }
        out.pointee = try box.withTape(place) { UInt64($0.savedByteCount) }
      }
    }
}
