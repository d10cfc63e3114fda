/// The life of one load, as a pure state machine: it says what to do next and what to undo, and does
/// nothing itself.
///
///     found → inspected → probed → staged → opened → ready
///       └─────────┴─────────┴────────┴────────┴──→ refused(at:, reason)
///
/// A library whose digest has passed a probe before goes from `inspected` to `probed` without another;
/// one that this process has loaded goes from `inspected` to `ready`.
public struct LoadMachine: Hashable, Sendable {
  /// How far a load has come.
  public enum Stage: String, Hashable, Sendable, CaseIterable {
    /// A library with a manifest.
    case found
    /// All checks passed that run no code of it.
    case inspected
    /// It has been loaded in a child process, now or before.
    case probed
    /// Its private copy stands.
    case staged
    /// The copy is mapped into this process, its constructors have run.
    case opened
    /// Its module has been read and is the manifest's.
    case ready
  }

  /// Where the load stands.
  public enum State: Hashable, Sendable {
    /// On its way, or at its end with `ready`.
    case reached(Stage)
    /// Ended without a module; nothing of it is left.
    case refused(at: Stage, reason: PluginError)
  }

  /// What is known of a digest before it is loaded.
  public enum Knowledge: Hashable, Sendable {
    /// Nothing.
    case unknown
    /// It has passed a probe.
    case probed
    /// This process has it.
    case open
  }

  /// What happened.
  public enum Event: Hashable, Sendable {
    /// The inspection passed.
    case inspected(Knowledge)
    /// The probe passed.
    case probed
    /// The private copy stands; `isNew` if this load made it.
    case staged(isNew: Bool)
    /// The library is mapped.
    case opened
    /// The module is read and sound.
    case accepted
    /// The last action failed.
    case failed(PluginError)
  }

  /// What to do next.
  public enum Action: Hashable, Sendable {
    /// Make every check that runs no code of the library.
    case inspect
    /// Write a copy and load it in a child process.
    case probe
    /// Give the copy its lasting name, writing it first where there is none.
    case stage
    /// Map the private copy into this process.
    case open
    /// Call the entry, read the module, compare it with the manifest.
    case accept
    /// Give out the image.
    case deliver
    /// Undo in this order, then give out the reason.
    case refuse(PluginError, undoing: [Undo])
  }

  /// Something to take back.
  public enum Undo: Hashable, Sendable {
    /// Remove the copy that has no lasting name yet.
    case removeCopy
    /// Remove the private copy.
    case removeImage
    /// Forget that the digest passed a probe.
    case forgetProbe
  }

  /// Where the load stands.
  public private(set) var state = State.reached(.found)
  private var isImageNew = false

  /// A load that has not begun.
  public init() {}

  /// The first action.
  public func start() -> Action { .inspect }

  /// Takes an event in and says what to do next.
  ///
  /// - Precondition: The event answers the last action.
  public mutating func handle(_ event: Event) -> Action {
    guard case .reached(let stage) = state else {
      preconditionFailure("\(event) after the load was refused")
    }
    switch (stage, event) {
    case (.found, .inspected(.unknown)): return go(to: .inspected, .probe)
    case (.found, .inspected(.probed)): return go(to: .probed, .stage)
    case (.found, .inspected(.open)): return go(to: .ready, .deliver)
    case (.inspected, .probed): return go(to: .probed, .stage)
    case (.probed, .staged(let isNew)):
      isImageNew = isNew
      return go(to: .staged, .open)
    case (.staged, .opened): return go(to: .opened, .accept)
    case (.opened, .accepted): return go(to: .ready, .deliver)
    case (.found, .failed(let reason)), (.inspected, .failed(let reason)),
      (.probed, .failed(let reason)), (.staged, .failed(let reason)),
      (.opened, .failed(let reason)):
      state = .refused(at: stage, reason: reason)
      return .refuse(reason, undoing: undo(at: stage))
    default:
      preconditionFailure("\(event) at \(stage)")
    }
  }

  private mutating func go(to stage: Stage, _ action: Action) -> Action {
    state = .reached(stage)
    return action
  }

  /// What stands at a stage and must not stay.
  ///
  /// An image that an earlier load left belongs to that one. A mapped library stays mapped, but what
  /// failed here in spite of its probe is to be probed again.
  private func undo(at stage: Stage) -> [Undo] {
    switch stage {
    case .found, .ready: []
    case .inspected, .probed: [.removeCopy]
    case .staged, .opened: isImageNew ? [.removeImage, .forgetProbe] : [.forgetProbe]
    }
  }
}
