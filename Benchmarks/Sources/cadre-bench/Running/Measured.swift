/// What one contender took for one case, round for round.
struct Measured: Codable {
  var rounds: [ContenderProcess.Timing] = []

  /// The figure that everything is computed from, in seconds a call: the fastest sample of all rounds.
  ///
  /// Other jobs only ever add time, so of two figures the smaller is nearer to what the code can do. The
  /// median of a machine that others use half of the time says what they did.
  var seconds: Double { rounds.map(\.min).min() ?? .infinity }

  /// The median of the rounds' medians: what a user of this machine saw meanwhile.
  var median: Double {
    let sorted = rounds.map(\.median).sorted()
    return sorted.isEmpty ? .infinity : sorted[sorted.count / 2]
  }
}

/// A case with all that was measured of it.
struct Outcome {
  let test: Case
  var measured: [Contender: Measured] = [:]
  var missing: [Contender: String] = [:]

  func seconds(_ contender: Contender) -> Double? { measured[contender]?.seconds }
}
