/// What stands below the table: the machine, who took part, who did not, other ratios.
struct Notes {
  let verdicts: [Verdict]
  let limits: Limits
  /// Jobs that wanted a core: ours is one; what is above took our time.
  let load: [String]
  let about: [Contender: String]
  let absent: [Contender: String]

  var lines: [String] {
    var lines = ["contenders:"]
    for contender in Contender.allCases {
      if let text = about[contender] { lines.append("  \(contender.rawValue): \(text)") }
    }
    for contender in Contender.allCases {
      guard let reason = absent[contender] else { continue }
      lines.append("  MISSING \(contender.rawValue): \(reason)")
    }
    for threads in [1, 2] {
      guard let peak = limits.peak(threads: threads) else { continue }
      lines.append("FMA peak, \(threads) thread(s): \(Int(peak / 1e9)) GFLOP/s f32")
    }
    lines.append("load average, at the start and at the end: \(load.joined(separator: ", "))")
    for verdict in verdicts {
      let others = verdict.outcome.test.peers.compactMap { peer in
        verdict.ratio(peer).map { "\(peer.rawValue) \(Format.factor($0))" }
      }
      lines.append(
        "\(verdict.outcome.test.title), \(verdict.outcome.test.threads) thread(s), as fast as: "
          + others.joined(separator: ", "))
      for (text, met) in verdict.aims where met == false {
        lines.append("  falls short of \(text); bound by: \(verdict.bound)")
      }
    }
    return lines
  }
}
