/// Stops a training that no longer gets better on data that it does not learn from.
///
///     var stopping = EarlyStopping(patience: 5)
///     switch stopping.observe(f1, epoch: epoch) {
///     case .improved: best = try parameters.snapshot()
///     case .wait: break
///     case .stop: break epochs
///     }
public struct EarlyStopping: Sendable, Hashable {
  /// What to do after an epoch.
  public enum Decision: Sendable, Hashable {
    /// The best so far: keep a snapshot.
    case improved
    /// Not better, but patience is left.
    case wait
    /// Patience is spent: go back to the snapshot.
    case stop
  }

  /// Epochs without improvement after which the training stops, at least 1.
  public let patience: Int
  /// The least that counts as better.
  public let minimumGain: Double
  /// The best score so far; higher is better.
  public private(set) var best: Double?
  /// The epoch of the best score.
  public private(set) var bestEpoch: Int?
  private var waited = 0

  /// A fresh watch.
  ///
  /// - Parameters:
  ///   - patience: epochs without improvement after which to stop.
  ///   - minimumGain: the least that counts as better.
  public init(patience: Int, minimumGain: Double = 0) {
    self.patience = max(1, patience)
    self.minimumGain = minimumGain
  }

  /// Judges a score; one that is not a number is never better.
  ///
  /// - Parameters:
  ///   - score: higher is better; hand over the negative of a loss.
  ///   - epoch: its epoch.
  public mutating func observe(_ score: Double, epoch: Int) -> Decision {
    if !score.isNaN, best.map({ score > $0 + minimumGain }) ?? true {
      best = score
      bestEpoch = epoch
      waited = 0
      return .improved
    }
    waited += 1
    return waited >= patience ? .stop : .wait
  }
}
