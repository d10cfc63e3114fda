import Foundation

/// Lets contenders do cases in turn.
final class Arena {
  private let folders: Folders
  private let options: Options
  private var processes: [String: ContenderProcess] = [:]
  /// Contenders that never came, or died, and why.
  private(set) var absent: [Contender: String] = [:]
  /// What contenders say of themselves.
  private(set) var about: [Contender: String] = [:]

  init(folders: Folders, options: Options) {
    self.folders = folders
    self.options = options
  }

  /// Measures a case: each round asks every contender once, so that noise of other jobs meets all alike.
  ///
  /// - Throws: `BenchError` where Cadre itself could not.
  func run(_ test: Case) throws -> Outcome {
    var outcome = Outcome(test: test)
    for _ in 0..<options.rounds {
      for (contender, words) in entries(test) where outcome.missing[contender] == nil {
        do {
          let timing = try process(contender, threads: threads(contender, test))
            .time(words, seconds: options.slot)
          outcome.measured[contender, default: Measured()].rounds.append(timing)
        } catch {
          if contender == .cadre { throw BenchError("\(test.title): cadre \(error)") }
          outcome.missing[contender] = error.description
          outcome.measured[contender] = nil
        }
        // The threads of OpenMP and OpenBLAS spin for a while after their work.
        if test.threads > 1 { usleep(30_000) }
      }
    }
    return outcome
  }

  /// Who is asked what: Cadre, its peers, and what the machine can do.
  private func entries(_ test: Case) -> [(Contender, String)] {
    var result = [(Contender.cadre, test.ownWords ?? test.words)]
    result += test.peers.map { ($0, test.words) }
    switch test.amount {
    case .flops: result.append((.peak, "peak \(Limits.peakMegaflop)"))
    case .bytes(let count):
      result += [(.copyPlain, "copy plain \(count)"), (.copyStream, "copy stream \(count)")]
      if test.onlyReads { result.append((.read, "read \(count)")) }
    case .call: break
    }
    if let hot = test.hot { result.append((.cadreHot, hot.words)) }
    return result
  }

  private func threads(_ contender: Contender, _ test: Case) -> Int {
    contender == .cadreHot ? 1 : test.threads
  }

  private func process(_ contender: Contender, threads: Int) throws(BenchError) -> ContenderProcess
  {
    if let reason = absent[contender] { throw BenchError(reason) }
    let key = "\(contender.rawValue)/\(threads)"
    if let running = processes[key] { return running }
    do {
      let started = try ContenderProcess(contender, threads: threads, folders: folders)
      processes[key] = started
      about[contender] = started.about
      return started
    } catch {
      absent[contender] = error.description
      throw error
    }
  }
}
