import Foundation

/// The same as data, with every round.
struct JSONReport: Encodable {
  struct Row: Encodable {
    let group, title, words: String
    let threads: Int
    let flops: Double?
    let bytes: Int?
    /// Of the fastest sample, and how far the median lies above, as a share.
    let seconds, spread: Double
    let peakShare, copyShare, readShare, hotSeconds, bestRatio: Double?
    let bestPeer: String?
    let ratios: [String: Double]
    let aims: [String: Bool?]
    let met: Bool?
    let bound: String
    let missing: [String: String]
    let measured: [String: Measured]
  }

  let about: [String: String]
  let absent: [String: String]
  let load: [String]
  let rows: [Row]

  init(
    _ verdicts: [Verdict], about: [Contender: String], absent: [Contender: String], load: [String]
  ) {
    self.load = load
    self.about = about.byName
    self.absent = absent.byName
    rows = verdicts.map(Row.init)
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }
}

extension JSONReport.Row {
  init(_ verdict: Verdict) {
    let outcome = verdict.outcome
    (group, title) = (outcome.test.group.rawValue, outcome.test.title)
    (words, threads) = (outcome.test.words, outcome.test.threads)
    if case .flops(let count) = outcome.test.amount { flops = count } else { flops = nil }
    if case .bytes(let count) = outcome.test.amount { bytes = count } else { bytes = nil }
    (seconds, spread, hotSeconds) = (verdict.seconds, verdict.spread, verdict.hotSeconds)
    (peakShare, copyShare, readShare) = (verdict.peakShare, verdict.copyShare, verdict.readShare)
    (bestPeer, bestRatio) = (verdict.best?.peer.rawValue, verdict.best?.ratio)
    let peers = outcome.test.peers
    ratios =
      Dictionary(
        peers.compactMap { peer in verdict.ratio(peer).map { (peer, $0) } },
        uniquingKeysWith: { first, _ in first }
      ).byName
    aims = Dictionary(
      verdict.aims.map { ($0.text, $0.met) }, uniquingKeysWith: { first, _ in first })
    (met, bound) = (verdict.isMet, verdict.bound)
    (missing, measured) = (outcome.missing.byName, outcome.measured.byName)
  }
}

extension Dictionary where Key == Contender {
  fileprivate var byName: [String: Value] {
    Dictionary<String, Value>(uniqueKeysWithValues: map { ($0.key.rawValue, $0.value) })
  }
}
