import ArtifactStore
import Contracts
import Foundation
import Journal
import Planning
import Workflow

/// Who would do each step of a workflow, from the bids that agents make before anything has run.
public struct RunPlan: Sendable {
  /// One step of the plan.
  public struct PlannedStep: Sendable {
    /// Where it stands in the file: `improve.train`.
    public let path: String
    /// Its task.
    public let task: String
    /// Every proposal, the winners first.
    public let proposals: [PlannedProposal]
  }

  /// One agent's part in a planned step.
  public struct PlannedProposal: Sendable {
    /// The agent.
    public let agent: String
    /// True where it would win.
    public let isAwarded: Bool
    /// Its score; nil where it cannot win.
    public let score: Double?
    /// Why, in a line.
    public let decision: String
  }

  /// The steps in the order of the file.
  public let steps: [PlannedStep]

  /// Asks every agent about every step.
  ///
  /// - Throws: errors of the journal, whose records correct the bids.
  public init(
    _ workflow: WorkflowFile, home: Home, directory: AgentDirectory, threads: Int,
    priorities: Priorities = .standard
  ) throws {
    var journal: RunJournal?
    if FileManager.default.fileExists(atPath: home.journal) {
      journal = try RunJournal.openReadOnly(home.journal)
    }
    let records = journal
    let negotiator = Negotiator(
      directory: directory, priorities: priorities,
      record: { agent, task in
        ((try? records?.record(of: agent, task: task)) ?? nil).map(MeasuredRecord.init)
          ?? MeasuredRecord()
      })
    let folder = (workflow.path as NSString).deletingLastPathComponent
    let offers = directory.offers + HostOffers.all(version: "")
    let types = StepTypes(workflow, offers: offers)
    steps = workflow.allSteps.map { path, step in
      var proposals: [PlannedProposal] = []
      let request = Negotiator.Request(
        task: step.needs.task,
        settings: step.with.filter { $0.key != "split" && $0.key != "space" }
          .map { Setting.Field($0.key, $0.value) },
        resolvePath: { $0.hasPrefix("/") || folder.isEmpty ? $0 : folder + "/" + $0 },
        teamSize: step.team, threads: step.resources.cores ?? threads,
        memory: step.resources.memoryBytes.map(UInt64.init), deadline: step.deadline,
        objection: { offer in
          let all = workflow.objections(to: offer, for: path, types: types, offers: offers)
          return all.isEmpty ? nil : all.joined(separator: "; ")
        })
      // A team that cannot be filled is part of the plan, told proposal by proposal.
      _ = try? negotiator.negotiate(request) { decision in
        proposals = decision.proposals.map {
          PlannedProposal(
            agent: $0.proposal.offer.agent, isAwarded: $0.isAwarded, score: $0.score,
            decision: $0.decision)
        }
      }
      return PlannedStep(
        path: path.description, task: step.needs.task, proposals: proposals)
    }
  }

  /// The plan as JSON.
  public var setting: Setting {
    .list(
      steps.map { step in
        [
          "step": .string(step.path), "task": .string(step.task),
          "proposals": .list(
            step.proposals.map {
              [
                "agent": .string($0.agent), "awarded": .bool($0.isAwarded),
                "score": $0.score.map(Setting.double) ?? .null, "decision": .string($0.decision),
              ]
            }),
        ]
      })
  }
}
