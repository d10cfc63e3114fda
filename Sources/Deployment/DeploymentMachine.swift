/// One deployment as a pure state machine: written, loaded, warmed up, routed; a failure before the
/// alias moved leaves the old version in place.
public struct DeploymentMachine: Hashable, Sendable {
  /// Where the deployment stands.
  public enum State: Hashable, Sendable {
    /// Nothing is written.
    case planned
    /// The bundle stands in the registry under its version.
    case written(version: Int)
    /// The bundle was read back and its agents are prepared.
    case loaded(version: Int)
    /// It has answered the warm-up.
    case warm(version: Int)
    /// The alias points at it.
    case routed(version: Int)
    /// It was given up; the alias is where it was.
    case refused(version: Int?, reason: String)
  }

  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// The bundle was written as that version.
    case wrote(version: Int)
    /// It was read back and prepared.
    case loaded
    /// The warm-up ended without an error.
    case warmedUp
    /// The alias was moved.
    case routed
    /// The step at hand failed.
    case failed(String)
  }

  /// What is to be done next.
  public enum Action: Hashable, Sendable {
    /// Write the bundle.
    case write
    /// Read that version back and prepare its agents.
    case load(version: Int)
    /// Make warm-up predictions.
    case warmUp(version: Int)
    /// Point the alias at that version.
    case route(version: Int)
    /// Mark that version as refused; it is never routed.
    case discard(version: Int, reason: String)
    /// Nothing: it is over.
    case finish
  }

  /// The state.
  public private(set) var state: State = .planned

  /// A deployment that has not begun.
  public init() {}

  /// The first thing to do.
  public func start() -> Action { .write }

  /// Takes an event; answers with what to do next.
  ///
  /// - Throws: ``DeploymentError`` for an event that does not fit the state; the state is then
  ///   unchanged.
  public mutating func handle(_ event: Event) throws(DeploymentError) -> Action {
    switch (state, event) {
    case (.planned, .wrote(let version)):
      state = .written(version: version)
      return .load(version: version)
    case (.written(let version), .loaded):
      state = .loaded(version: version)
      return .warmUp(version: version)
    case (.loaded(let version), .warmedUp):
      state = .warm(version: version)
      return .route(version: version)
    case (.warm(let version), .routed):
      state = .routed(version: version)
      return .finish
    case (.planned, .failed(let reason)):
      state = .refused(version: nil, reason: reason)
      return .finish
    case (.written(let version), .failed(let reason)), (.loaded(let version), .failed(let reason)),
      (.warm(let version), .failed(let reason)):
      state = .refused(version: version, reason: reason)
      return .discard(version: version, reason: reason)
    default:
      throw DeploymentError(
        .outOfOrder, "a deployment that is \(state) cannot take \(event)",
        remedy: "begin a new deployment")
    }
  }
}
