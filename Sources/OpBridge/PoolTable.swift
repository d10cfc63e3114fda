import CadreABI
import TensorCore

/// The table `cadre.pool/1`: the threads on which this host's own operations compute.
public enum PoolTable {
  /// The table; lives for ever.
  public nonisolated(unsafe) static let pointer: UnsafePointer<cadre_pool> = {
    let table = UnsafeMutablePointer<cadre_pool>.allocate(capacity: 1)
    table.initialize(
      to: cadre_pool(
        size: UInt32(CADRE_END_cadre_pool_run), reserved: 0, threads: threads, run: run))
    return UnsafePointer(table)
  }()

  private static let threads: @convention(c) (UnsafePointer<cadre_host>?) -> UInt32 = { host in
    UInt32(clamping: (try? HostAnchor.of(host).ops.threadLimit) ?? 1)
  }

  private static let run:
    @convention(c) (
      UnsafePointer<cadre_host>?, UInt64, UInt64, UnsafeMutableRawPointer?,
      (@convention(c) (UnsafeMutableRawPointer?, UInt64, UInt64) -> Void)?
    ) -> UnsafeMutablePointer<cadre_error>? = { host, count, grain, data, body in
      ErrorObject.catching {
        let place = "cadre_pool.run"
        let runtime = try HostAnchor.of(host).ops
        guard let body else {
          throw BridgeError(CADRE_INVALID_ARGUMENT, place, "the body is NULL")
        }
        guard let count = Int(exactly: count) else {
          throw BridgeError(CADRE_INVALID_ARGUMENT, place, "a count of \(count) is out of range")
        }
        ComputePool.shared.run(
          threads: runtime.threadLimit, count: count, grain: max(Int(clamping: grain), 1)
        ) { range in
          body(data, UInt64(range.lowerBound), UInt64(range.upperBound))
        }
      }
    }
}
