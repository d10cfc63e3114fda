/// What a row says, computed from its measurements.
struct Verdict {
  let outcome: Outcome
  let limits: Limits
  let seconds: Double

  init(_ outcome: Outcome, _ limits: Limits) {
    self.outcome = outcome
    self.limits = limits
    seconds = outcome.seconds(.cadre) ?? .infinity
  }

  /// How far the median lies above the figure: 0.03 on a quiet machine, 1 and more on one that others use.
  var spread: Double { (outcome.measured[.cadre]?.median ?? .infinity) / seconds - 1 }

  /// Operations a second, where the row counts operations.
  var flopsPerSecond: Double? {
    guard case .flops(let flops) = outcome.test.amount else { return nil }
    return flops / seconds
  }

  /// Share of the peak.
  var peakShare: Double? {
    guard let speed = flopsPerSecond, let peak = limits.peak(for: outcome.test) else { return nil }
    return speed / peak
  }

  /// Share of the copy loop.
  var copyShare: Double? { limits.copySeconds(for: outcome.test).map { $0 / seconds } }

  /// Share of the loop that only reads.
  var readShare: Double? { limits.readSeconds(for: outcome.test).map { $0 / seconds } }

  /// Seconds of arithmetic alone.
  var hotSeconds: Double? {
    guard let hot = outcome.test.hot, let one = outcome.seconds(.cadreHot) else { return nil }
    return one * hot.count
  }

  /// The fastest peer.
  var best: (peer: Contender, ratio: Double)? {
    outcome.test.peers.filter(\.isPeer)
      .compactMap { peer in outcome.seconds(peer).map { (peer: peer, ratio: $0 / seconds) } }
      .min { $0.ratio < $1.ratio }
  }

  /// Times as fast as a contender.
  func ratio(_ contender: Contender) -> Double? { outcome.seconds(contender).map { $0 / seconds } }

  /// Whether arithmetic alone would take longer than the copy loop.
  var isArithmeticBound: Bool {
    guard let hot = hotSeconds, let copy = limits.copySeconds(for: outcome.test)
    else { return false }
    return hot > copy
  }

  /// Each aim with whether it is met; nil: not measured.
  var aims: [(text: String, met: Bool?)] {
    let aim = outcome.test.aim
    var result: [(String, Bool?)] = []
    func add(_ wanted: Double?, _ unit: String, _ got: Double?, _ style: (Double) -> String) {
      if let wanted { result.append((">= \(style(wanted)) \(unit)", got.map { $0 >= wanted })) }
    }
    add(aim.peak, "peak", peakShare, Format.percent)
    if !(aim.copyWhereBound && isArithmeticBound) {
      add(aim.copy, "copy", copyShare, Format.percent)
    }
    add(aim.best, "best", best?.ratio, Format.factor)
    add(aim.shipped, "torch", ratio(.torch), Format.factor)
    add(aim.forced, "torch-avx512", ratio(.torchAVX512), Format.factor)
    if let wanted = aim.seconds {
      result.append(("<= \(Format.time(wanted))", seconds <= wanted))
    }
    return result
  }

  /// All aims met; nil where there is none, or one could not be judged.
  var isMet: Bool? {
    let judged = aims.map(\.met)
    if judged.contains(false) { return false }
    return judged.isEmpty || judged.contains(nil) ? nil : true
  }

  /// What stands in the way of more.
  var bound: String {
    switch outcome.test.amount {
    case .flops: return outcome.test.isRate ? "FMA, 3 passes" : "FMA"
    case .call: return "the call"
    case .bytes:
      guard let hot = hotSeconds else { return outcome.test.onlyReads ? "reading" : "memory" }
      let arithmetic = "arithmetic \(Format.percent(hot / seconds))"
      // Where neither fills the time, the two do not overlap, or memory is used worse than by the loop.
      if max(hot / seconds, copyShare ?? 0) < 0.75 { return "neither, \(arithmetic)" }
      return isArithmeticBound ? arithmetic : "memory, \(arithmetic)"
    }
  }
}
