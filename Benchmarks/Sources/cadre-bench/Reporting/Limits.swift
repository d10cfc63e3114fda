/// What the machine can do at most.
///
/// A limit is measured beside each row. Rows with the same limit share the median of their figures: the
/// best of all would be the one moment at which the clock ran 3 % faster, and the row's own may come from
/// a moment at which another job took a core.
struct Limits {
  private struct Key: Hashable {
    let threads: Int
    let kind: Contender
    /// The working set; 0 for the peak, which has none.
    let bytes: Int
  }

  private var figures: [Key: [Double]] = [:]

  init(_ outcomes: [Outcome]) {
    for outcome in outcomes {
      for kind in [Contender.peak, .copyPlain, .copyStream, .read] {
        guard let seconds = outcome.seconds(kind) else { continue }
        figures[Self.key(kind, outcome.test), default: []].append(seconds)
      }
    }
  }

  /// Operations a second on all threads of the row.
  func peak(for test: Case) -> Double? { Self.peak(seconds(.peak, test), threads: test.threads) }

  /// Operations a second on so many threads; nil where no row asked.
  func peak(threads: Int) -> Double? {
    Self.peak(median(Key(threads: threads, kind: .peak, bytes: 0)), threads: threads)
  }

  /// Seconds of the better copy loop at the row's working set.
  func copySeconds(for test: Case) -> Double? {
    [Contender.copyPlain, .copyStream].compactMap { seconds($0, test) }.min()
  }

  /// Seconds of the loop that reads the row's working set.
  func readSeconds(for test: Case) -> Double? { test.onlyReads ? seconds(.read, test) : nil }

  /// What a call of `peak` does on each thread: 1 ms of it, over which the clock's moods even out.
  static let peakMegaflop = 260

  private static func peak(_ seconds: Double?, threads: Int) -> Double? {
    seconds.map { Double(peakMegaflop) * 1e6 * Double(threads) / $0 }
  }

  private func seconds(_ kind: Contender, _ test: Case) -> Double? {
    median(Self.key(kind, test))
  }

  private func median(_ key: Key) -> Double? {
    guard let sorted = figures[key]?.sorted(), !sorted.isEmpty else { return nil }
    return sorted[sorted.count / 2]
  }

  private static func key(_ kind: Contender, _ test: Case) -> Key {
    if case .bytes(let bytes) = test.amount {
      return Key(threads: test.threads, kind: kind, bytes: bytes)
    }
    return Key(threads: test.threads, kind: kind, bytes: 0)
  }
}
