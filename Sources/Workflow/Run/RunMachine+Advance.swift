import Contracts

extension RunMachine {
  /// Starts, skips and closes rounds until nothing more can be done without a further event.
  ///
  /// - Complexity: O(steps of the file and of the open rounds), once more for each skipped step
  ///   and each ended round.
  mutating func advance() -> [RunAction] {
    var actions: [RunAction] = []
    switch phase {
    case .idle, .finished: return []
    case .failing(let path, let code, let message):
      if runningCount == 0 {
        phase = .finished
        actions.append(.finish(.failed(path, code: code, message: message)))
      }
    case .cancelling:
      if runningCount == 0 {
        phase = .finished
        actions.append(.finish(.cancelled))
      }
    case .running:
      // A skip or a new round may free steps that the walk has passed already.
      while walk(file.steps, rounds: [], into: &actions) {}
      if file.steps.allSatisfy({ isSettled($0, rounds: []) }) {
        phase = .finished
        actions.append(.finish(.succeeded))
      } else if runningCount == 0, !steps.values.contains(where: \.isPending) {
        // Only a file that was not checked comes here: steps that wait for one another.
        let stuck = firstUnsettled(file.steps, rounds: []) ?? InstancePath(name: file.name)
        phase = .finished
        actions.append(
          .finish(
            .failed(
              stuck, code: ErrorCode.internal.name, message: "'\(stuck)' waits for itself")))
      }
    }
    return actions
  }

  /// One walk over what is open.
  ///
  /// Returns whether a step was skipped or a round ended.
  private mutating func walk(
    _ nodes: [StepNode], rounds: [InstancePath.Round], into actions: inout [RunAction]
  ) -> Bool {
    var changed = false
    for node in nodes {
      switch node {
      case .step(let step):
        let path = InstancePath(rounds: rounds, name: step.name)
        switch steps[path] {
        case .ready(let attempt):
          start(step, path, attempt: attempt, into: &actions)
        case nil:
          switch readiness(of: step, rounds: rounds) {
          case .waits: break
          case .ready: start(step, path, attempt: 1, into: &actions)
          case .skips(let reason):
            steps[path] = .skipped
            actions.append(.skipped(path, reason: reason))
            changed = true
          }
        default: break
        }
      case .loop(let loop):
        let path = LoopPath(rounds: rounds, name: loop.name)
        let state = loops[path, default: LoopState()]
        loops[path] = state
        guard !state.isFinished else { continue }
        let inner = rounds + [.init(loop: loop.name, number: state.round)]
        if walk(loop.steps, rounds: inner, into: &actions) { changed = true }
        if loop.steps.allSatisfy({ isSettled($0, rounds: inner) }) {
          endRound(of: loop, at: path, rounds: inner, into: &actions)
          changed = true
        }
      }
    }
    return changed
  }

  private mutating func start(
    _ step: Step, _ path: InstancePath, attempt: Int, into actions: inout [RunAction]
  ) {
    guard runningCount < concurrency else { return }
    runningCount += 1
    steps[path] = .running(attempt: attempt)
    actions.append(.start(instance(step, path, attempt: attempt)))
  }

  private mutating func endRound(
    of loop: LoopGroup, at path: LoopPath, rounds: [InstancePath.Round],
    into actions: inout [RunAction]
  ) {
    var state = loops[path, default: LoopState()]
    // A round in which every step was skipped did nothing, and the next would do no more.
    let wasEmpty = loop.steps.allSatisfy { wasSkipped($0, rounds: rounds) }
    let score = keepScore(loop, rounds: rounds)
    if !wasEmpty, state.kept == 0 || isBetter(score, than: state.score, by: loop.keep?.rule) {
      state.kept = state.round
      state.score = score
    }
    let holds = loop.until.map { $0.holds { value(of: $0, rounds: rounds) } }
    let isLast = holds == true || state.round >= loop.max || wasEmpty
    actions.append(
      .roundEnded(
        RoundReport(
          loop: path, round: state.round, score: score, kept: state.kept, untilHolds: holds,
          isLast: isLast)))
    if isLast {
      state.isFinished = true
    } else {
      state.round += 1
    }
    loops[path] = state
  }

  private func keepScore(_ loop: LoopGroup, rounds: [InstancePath.Round]) -> Double? {
    switch loop.keep?.rule {
    case nil, .last: return nil
    case .max(let path), .min(let path):
      guard case .number(let score)? = value(of: path, rounds: rounds), !score.isNaN else {
        return nil
      }
      return score
    }
  }

  private func isBetter(_ score: Double?, than best: Double?, by rule: Keep.Rule?) -> Bool {
    switch rule {
    case nil, .last: return true
    case .max, .min:
      guard let score else { return false }
      guard let best else { return true }
      if case .max = rule { return score > best }
      return score < best
    }
  }

  // MARK: What has ended

  private func isSettled(_ node: StepNode, rounds: [InstancePath.Round]) -> Bool {
    let path = InstancePath(rounds: rounds, name: node.name)
    switch node {
    case .loop: return loops[path]?.isFinished ?? false
    case .step:
      switch steps[path] {
      case .succeeded, .skipped: return true
      default: return false
      }
    }
  }

  private func wasSkipped(_ node: StepNode, rounds: [InstancePath.Round]) -> Bool {
    let path = InstancePath(rounds: rounds, name: node.name)
    switch node {
    case .loop: return loops[path]?.kept == 0
    case .step: if case .skipped? = steps[path] { return true } else { return false }
    }
  }

  private func firstUnsettled(
    _ nodes: [StepNode], rounds: [InstancePath.Round]
  ) -> InstancePath? {
    nodes.first { !isSettled($0, rounds: rounds) }
      .map { InstancePath(rounds: rounds, name: $0.name) }
  }
}

extension RunMachine.StepState {
  /// Whether an event of the outside must come before the step ends.
  fileprivate var isPending: Bool {
    switch self {
    case .running, .waiting, .ready: true
    case .succeeded, .skipped, .failed: false
    }
  }
}
