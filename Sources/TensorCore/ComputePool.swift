import Synchronization
import TensorKernels

/// Compute threads, a fixed number of them, shared by all who compute in the process.
///
/// However many agents compute at once, no more threads than these work inside of operations; who
/// comes when all are busy waits. Results do not depend on the number of threads: work is split at
/// places that only the sizes decide.
///
/// `@unchecked Sendable`: the pointer never changes, and the pool behind it is thread-safe.
public final class ComputePool: @unchecked Sendable {
  private static let wanted = Atomic<Int>(0)

  /// The pool of the process, made at its first use: one thread a core, or as many as
  /// `configure(threads:)` said before.
  public static let shared = ComputePool(threads: wanted.load(ordering: .relaxed))

  /// Says how many threads `shared` will have; without effect once it is in use.
  ///
  /// - Parameter threads: at least 1; 0 takes one a core.
  public static func configure(threads: Int) { wanted.store(max(threads, 0), ordering: .relaxed) }

  /// The number of threads, the calling one included.
  public let threads: Int

  /// Nil for one thread, and where the system refused memory: then callers compute alone.
  let pointer: OpaquePointer?

  /// Makes a pool; its workers start with the first work.
  ///
  /// - Parameter threads: 0 takes one a core.
  public init(threads: Int) {
    let wanted = threads > 0 ? threads : ComputePool.coreCount
    pointer = wanted > 1 ? tk_pool_create(UInt32(clamping: wanted)) : nil
    self.threads = pointer == nil ? 1 : wanted
  }

  deinit {
    if let pointer { tk_pool_destroy(pointer) }
  }

  /// The cores that this process may run on.
  public static var coreCount: Int { max(Int(tk_core_count()), 1) }

  /// Calls a body over ranges that cover `0 ..< count`, on several threads where that pays.
  ///
  /// - Parameters:
  ///   - threads: the most threads to use, the calling one included.
  ///   - count: how many items there are.
  ///   - grain: ranges begin at its multiples; up to one grain is done by the caller alone.
  ///   - body: called from several threads at once; what it computes for an item must not depend on
  ///     the range. It may use this pool again: then on its own thread.
  public func run(threads: Int, count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    guard threads > 1, count > grain, let pointer else { return body(0..<count) }
    // The closure lives on this stack until tk_pool_run returns, which is when all calls are done.
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        tk_pool_run(
          pointer, UInt32(clamping: threads), count, max(grain, 1),
          { data, begin, end in
            data?.assumingMemoryBound(to: ((Range<Int>) -> Void).self).pointee(begin..<end)
          }, UnsafeMutableRawPointer(mutating: body))
      }
    }
  }
}
