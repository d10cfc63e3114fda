import Contracts

/// The types of a workflow's outputs as consumers see them: with teams, and with what is personal.
public struct StepTypes: Sendable {
  private let offers: [Offer]
  private let index: StepIndex
  private let steps: [StepPath: Step]
  private var teams: [StepPath: Int] = [:]
  private var personal: [StepPath: Set<String>] = [:]

  /// Works out teams and personal data for every step.
  ///
  /// - Complexity: O(steps · references · offers).
  public init(_ file: WorkflowFile, offers: [Offer]) {
    self.offers = offers
    index = StepIndex(file)
    let all = file.allSteps
    steps = Dictionary(all.map { ($0.path, $0.step) }, uniquingKeysWith: { first, _ in first })
    // Round a loop an answer depends on itself; sizes and labels only ever appear, so that going
    // over all steps until nothing changes settles them.
    var changed = true
    while changed {
      changed = false
      for (path, step) in all where teams[path] == nil {
        guard let size = incomingTeam(of: step, at: path) else { continue }
        teams[path] = size
        changed = true
      }
    }
    changed = true
    while changed {
      changed = false
      for (path, step) in all {
        let columns = incomingPersonalColumns(of: step, at: path)
        guard !columns.isSubset(of: personal[path] ?? []) else { continue }
        personal[path, default: []].formUnion(columns)
        changed = true
      }
    }
  }

  /// How many members answer for a step: from `team`, or from the team whose values it takes one at
  /// a time.
  ///
  /// Nil where the step is no team's.
  public func teamSize(of step: StepPath) -> Int? { teams[step] }

  /// The type of an output as its consumers see it, dimensions scoped to the step; nil where the
  /// step declares no such output.
  public func type(of step: StepPath, port: String) -> PortType? {
    guard let declared = steps[step]?.output(port)?.type.unstackingTeam else { return nil }
    let scoped = declared.scoped(step.description)
    if case .team = declared { return scoped }
    return teamSize(of: step) == nil ? scoped : .team(scoped)
  }

  /// The columns of an output that hold personal data (`@pii`), declared or carried along.
  ///
  /// A column keeps its label through every step whose output may still hold a column of that
  /// name. Models, texts and documents made from personal data are not followed.
  public func personalColumns(of step: StepPath, port: String) -> Set<String> {
    guard let output = steps[step]?.output(port), let row = output.type.rows else { return [] }
    let offered = steps[step].map { step in
      candidates(for: step).compactMap { $0.output(port)?.type.rows ?? nil }
    }
    let columns = (row?.columns ?? []) + (offered ?? []).flatMap(\.columns)
    let declared = Set(columns.filter { $0.tags.contains("pii") }.map(\.name))
    let incoming = personal[step] ?? []
    guard let row, !row.open else { return declared.union(incoming) }
    return declared.union(incoming.intersection(row.columns.map(\.name)))
      .intersection(row.columns.map(\.name))
  }

  /// The step and port that a reference inside of the step at `path` leads to.
  func source(
    of reference: Reference, at path: StepPath
  ) -> (path: StepPath, step: Step, port: String)? {
    let scope = Array(path.names.dropLast())
    let found: (path: StepPath, step: Step)?
    switch reference.target {
    case .param: return nil
    case .output(let names, _): found = index.step(names, from: scope)
    case .previous(let names, _): found = index.step(names, in: scope)
    }
    guard let found, let port = reference.port else { return nil }
    return (found.path, found.step, port)
  }

  // MARK: Working out

  private func candidates(for step: Step) -> [Offer] {
    offers.filter { $0.task == step.needs.task }
  }

  /// The size of the step's own team, or of the first team whose values it takes one at a time.
  private func incomingTeam(of step: Step, at path: StepPath) -> Int? {
    if step.team > 1 { return step.team }
    let references =
      step.inputs.map { ($0.port, $0.reference) } + (step.map.map { [("", $0.over)] } ?? [])
    for (port, reference) in references where !takesTeam(step, port) {
      guard let source = source(of: reference, at: path) else { continue }
      if let size = teams[source.path] { return size }
      // Declared as a team's, made by one: a team of one.
      if case .team? = source.step.output(source.port)?.type.unstackingTeam { return 1 }
    }
    return nil
  }

  /// Whether the input takes a team as a whole.
  ///
  /// The host's own tasks choose for themselves.
  private func takesTeam(_ step: Step, _ port: String) -> Bool {
    candidates(for: step).contains { offer in
      if offer.agent == Checker.host { return true }
      if case .team? = offer.input(port)?.type.unstackingTeam { return true }
      return false
    }
  }

  private func incomingPersonalColumns(of step: Step, at path: StepPath) -> Set<String> {
    let references = step.inputs.map(\.reference) + (step.map.map { [$0.over] } ?? [])
    return references.reduce(into: []) { columns, reference in
      guard let source = source(of: reference, at: path) else { return }
      columns.formUnion(personalColumns(of: source.path, port: source.port))
    }
  }
}

extension PortType {
  /// The columns of a table or dataset, through `team`, `sealed` and `stream`: nil for other
  /// kinds, `.some(nil)` for a dataset that does not tell.
  var rows: TableType?? {
    switch self {
    case .table(let row): .some(row)
    case .dataset(let row): .some(row)
    case .team(let inner), .sealed(let inner), .stream(let inner): inner.rows
    default: nil
    }
  }
}
