import AgentHost
import ArrowTables
import ArtifactStore
import Contracts
import Foundation
import Journal
import Planning
import Synchronization
import Workflow

/// An award that is held: the agent, its promise and its prepared assignment.
struct HeldAward: Sendable {
  var agent: HostedAgent
  var offer: Offer
  var assignment: HostedAssignment
  var member: Int
}

/// What the steps of one run share: the file, the values made so far, the awards held.
final class RunContext: Sendable {
  let workflow: WorkflowFile
  /// The folder that relative paths start from.
  let folder: String
  let runID: String
  let workflowDigest: Digest
  let home: Home
  let directory: AgentDirectory
  let negotiator: Negotiator
  let store: ObjectStore
  let threads: Int
  let events: RunEventSink

  private let offers: [Offer]
  private let types: StepTypes

  private struct State {
    var values: [InstancePath: [String: PortValue]] = [:]
    var negotiations: [StepPath: Negotiation] = [:]
    var held: [InstancePath: [HeldAward]] = [:]
    var history: [HistoryKey: [Int: Setting]] = [:]
    var scores: [String: ModelScore] = [:]
    var samples: [String] = []
  }
  private struct HistoryKey: Hashable {
    var step: StepPath
    var member: Int
  }
  private let state = Mutex(State())

  init(
    workflow: WorkflowFile, runID: String, workflowDigest: Digest, home: Home,
    directory: AgentDirectory, negotiator: Negotiator, store: ObjectStore, threads: Int,
    hostVersion: String, events: @escaping RunEventSink
  ) {
    self.workflow = workflow
    folder = (workflow.path as NSString).deletingLastPathComponent
    self.runID = runID
    self.workflowDigest = workflowDigest
    self.home = home
    self.directory = directory
    self.negotiator = negotiator
    self.store = store
    self.threads = threads
    self.events = events
    offers = directory.offers + HostOffers.all(version: hostVersion)
    types = StepTypes(workflow, offers: offers)
  }

  /// Why an offer does not fit a step by needs, ports, settings and limits; nil when it does.
  func objection(to offer: Offer, at step: StepPath) -> String? {
    let all = workflow.objections(to: offer, for: step, types: types, offers: offers)
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }

  /// A path of the workflow file as this process can open it.
  func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }

  /// What a port of a step that has run holds.
  func value(_ path: InstancePath, port: String) -> PortValue? {
    state.withLock { $0.values[path]?[port] }
  }

  /// Keeps the outputs of a step.
  func keep(_ outputs: [String: PortValue], of path: InstancePath) {
    state.withLock { $0.values[path] = outputs }
  }

  /// The negotiation of a step, once a run: later rounds keep the winners.
  func negotiation(of step: StepPath) -> Negotiation? {
    state.withLock { $0.negotiations[step] }
  }

  /// Keeps the outcome of a negotiation.
  func keep(_ negotiation: Negotiation, of step: StepPath) {
    state.withLock { $0.negotiations[step] = negotiation }
  }

  /// Holds an award until its round is dropped or the run ends, so that feedback can reach it.
  func hold(_ award: HeldAward, for path: InstancePath) {
    state.withLock { $0.held[path, default: []].append(award) }
  }

  /// The awards of a step's run.
  func awards(of path: InstancePath) -> [HeldAward] {
    state.withLock { $0.held[path] ?? [] }
  }

  /// Releases the awards whose path satisfies a condition.
  func release(where dropped: (InstancePath) -> Bool) async {
    let awards = state.withLock { state -> [HeldAward] in
      let paths = state.held.keys.filter(dropped)
      return paths.flatMap { state.held.removeValue(forKey: $0) ?? [] }
    }
    for award in awards { await award.assignment.release() }
  }

  /// Notes a round in a tuner's history and returns the whole of it, oldest first.
  ///
  /// A second attempt of the same round replaces what the first one noted.
  func noteHistory(_ entry: Setting, step: StepPath, member: Int, round: Int) -> [Setting] {
    state.withLock {
      let key = HistoryKey(step: step, member: member)
      $0.history[key, default: [:]][round] = entry
      return ($0.history[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// The quality that an agent promised when it won a training step of this run; nil when it
  /// promised none.
  func promisedQuality(of agent: String) -> Double? {
    let decisions = state.withLock { $0.negotiations.values.map(\.decision) }
    for proposal in decisions.flatMap(\.winners).map(\.proposal)
    where proposal.offer.agent == agent && proposal.offer.task == TaskNames.train {
      if case .bid(let bid) = proposal.verdict { return bid.quality }
    }
    return nil
  }

  /// What a model scored in an evaluation on data that it had not learned from.
  func score(of digest: String) -> ModelScore? { state.withLock { $0.scores[digest] } }

  /// Keeps a model's score.
  func keep(_ score: ModelScore, of digest: String) {
    state.withLock { $0.scores[digest] = score }
  }

  /// A few prepared texts, for warming up what is deployed.
  var samples: [String] { state.withLock { $0.samples } }

  /// Keeps a few prepared texts.
  func keepSamples(_ texts: [String]) { state.withLock { $0.samples = texts } }
}

/// A model's measured quality: the evaluating step's main metric.
struct ModelScore: Hashable, Sendable {
  var metric: String
  var value: Double
  var low: Double?
  var high: Double?
  /// `val`: the dataset that it was measured on.
  var on: String
}
