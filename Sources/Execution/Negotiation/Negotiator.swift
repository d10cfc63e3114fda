import AgentHost
import Contracts
import Journal
import Planning

/// A winner of a call: the agent, the offer, the settings that it gets, and what it promised.
struct Winner: Sendable {
  var agent: HostedAgent
  var offer: Offer
  var settings: Setting
  var bid: CorrectedBid?
}

/// The outcome of one negotiation.
struct Negotiation: Sendable {
  var winners: [Winner]
  var decision: AssignmentDecision
}

/// Calls for proposals, hears the bids, and awards: the contract net in its simple form, one task
/// at a time.
struct Negotiator: Sendable {
  let directory: AgentDirectory
  let priorities: Priorities
  /// The measured record of an agent on a task.
  let record: @Sendable (_ agent: String, _ task: String) -> MeasuredRecord

  /// What is asked for.
  struct Request: Sendable {
    var task: String
    /// Settings of the step; each agent gets those that it knows.
    var settings: [Setting.Field]
    /// Resolves a path of a setting that is one.
    var resolvePath: @Sendable (String) -> String
    var teamSize = 1
    var items: Int64?
    var dims: [DimRange] = []
    var threads: Int
    var memory: UInt64?
    var deadline: Duration?
    /// Why an offer cannot serve, beside what it may read; nil when it can.
    var objection: @Sendable (Offer) -> String? = { _ in nil }
  }

  /// Negotiates.
  ///
  /// - Throws: ``ExecutionError`` with every reason when the team cannot be filled; the decision is
  ///   in the error's text, and `onDecision` has seen it.
  func negotiate(
    _ request: Request, onDecision: (AssignmentDecision) -> Void = { _ in }
  ) throws -> Negotiation {
    let task = request.task
    var settings: [Offer: Setting] = [:]
    var agents: [String: HostedAgent] = [:]
    var proposals: [Proposal] = []
    for agent in directory.agents {
      agents[agent.id] = agent
      for offer in agent.offers where offer.task == task {
        if let objection = Eligibility.columnObjection(to: offer) ?? request.objection(offer) {
          proposals.append(Proposal(offer: offer, verdict: .ineligible(reason: objection)))
          continue
        }
        do {
          let own = try self.settings(request, for: offer)
          settings[offer] = own
          proposals.append(
            Proposal(offer: offer, verdict: try agent.bid(call(request, own), offer: offer.index)))
        } catch {
          proposals.append(Proposal(offer: offer, verdict: .ineligible(reason: "\(error)")))
        }
      }
    }
    let decision = decide(
      call(request, .object([])), proposals: proposals, priorities: priorities,
      record: { record($0, task) })
    onDecision(decision)
    if let shortfall = decision.shortfall {
      throw ExecutionError(
        .unavailable, shortfall,
        remedy: "'cadre agents' lists what is installed and what was refused")
    }
    let winners = decision.winners.compactMap { judged -> Winner? in
      let offer = judged.proposal.offer
      guard let agent = agents[offer.agent], let own = settings[offer] else { return nil }
      return Winner(agent: agent, offer: offer, settings: own, bid: judged.corrected)
    }
    return Negotiation(winners: winners, decision: decision)
  }

  private func call(_ request: Request, _ settings: Setting) -> CallForProposals {
    CallForProposals(
      task: request.task, settings: settings, dims: request.dims, items: request.items,
      teamSize: request.teamSize, threadLimit: request.threads, memoryLimit: request.memory,
      deadline: request.deadline)
  }

  /// The settings that the offer knows, checked, completed and with paths resolved.
  private func settings(_ request: Request, for offer: Offer) throws -> Setting {
    var own: [Setting.Field] = []
    for field in request.settings {
      guard let spec = offer.settings.first(where: { $0.name == field.key }) else { continue }
      let value = spec.path ? resolved(field.value, request.resolvePath) : field.value
      own.append(Setting.Field(field.key, value))
    }
    return try checkSettings(.object(own), against: offer.settings)
  }

  private func resolved(_ value: Setting, _ resolve: (String) -> String) -> Setting {
    switch value {
    case .string(let path): .string(resolve(path))
    case .list(let values): .list(values.map { resolved($0, resolve) })
    case .object(let fields):
      .object(fields.map { Setting.Field($0.key, resolved($0.value, resolve)) })
    default: value
    }
  }
}
