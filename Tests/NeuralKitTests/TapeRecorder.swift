import CadreABI
import OpBridge
import Synchronization

/// The host's tape, with the context of each gradient written down.
enum TapeRecorder {
  struct Context: Equatable {
    let threads: UInt32
    /// Whether the context named a tape to record on.
    let tape: Bool
  }

  private static let asked = Mutex<[cadre_job: [Context]]>([:])

  /// The contexts of a job's gradients, in turn; tests that ask use jobs of their own.
  static func contexts(job: cadre_job) -> [Context] { asked.withLock { $0[job] ?? [] } }

  /// The table `cadre.tape/1`; lives for ever.
  nonisolated(unsafe) static let pointer: UnsafePointer<cadre_tapes> = {
    let table = UnsafeMutablePointer<cadre_tapes>.allocate(capacity: 1)
    table.initialize(to: TapeTable.pointer.pointee)
    table.pointee.gradient = { host, context, tape, loss, variables, count, out in
      if let context {
        let (job, threads, tape) = (
          context.pointee.job, context.pointee.threads, context.pointee.tape != nil
        )
        asked.withLock { $0[job, default: []].append(Context(threads: threads, tape: tape)) }
      }
      return TapeTable.pointer.pointee.gradient(
        host, context, tape, loss, variables, count, out)
    }
    return UnsafePointer(table)
  }()
}
