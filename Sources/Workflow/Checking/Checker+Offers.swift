import Contracts

extension Checker {
  /// Checks that somebody can run the step: an offer whose needs, ports and settings fit.
  mutating func checkOffers(for step: Step, scope: [String]) {
    guard !step.damaged.contains("needs") else { return }
    let path = StepPath(scope + [step.name])
    let candidates = offers.filter { $0.task == step.needs.task }
    checkHostSettings(of: step, at: path)
    guard !candidates.isEmpty else {
      reportUnknownTask(of: step)
      return
    }
    var fits: [OfferFit] = []
    var refused: [(offer: Offer, misfit: Misfit)] = []
    for offer in candidates {
      var fit = OfferFit(
        offer, step: step, path: path, file: file, types: types, offers: offers)
      if let misfit = fit.needsMisfit() {
        refused.append((offer, misfit))
        continue
      }
      fit.compare()
      fits.append(fit)
    }
    guard !fits.isEmpty else {
      reportUnmetNeeds(of: step, refused)
      return
    }
    guard fits.contains(where: \.misfits.isEmpty) else {
      reportMisfits(of: step, fits)
      return
    }
    checkTeam(of: step, fits, refused)
  }

  private mutating func reportUnknownTask(of step: Step) {
    let tasks = Set(offers.map(\.task)).sorted()
    problems.report(
      "no agent offers the task '\(step.needs.task)'", at: step.positions.task,
      text: step.needs.task,
      remedy: suggestion(
        for: step.needs.task, among: tasks,
        else: tasks.isEmpty
          ? "no agents are installed: see cadre agents list"
          : "offered are \(tasks.joined(separator: ", "))"))
  }

  /// Nobody who offers the task meets `needs`: says what each one has instead.
  private mutating func reportUnmetNeeds(
    of step: Step, _ refused: [(offer: Offer, misfit: Misfit)]
  ) {
    // Where all fail at one key, that key's value is what to change.
    let positions = Set(refused.map(\.misfit.position))
    let single = positions.count == 1 ? refused.first?.misfit : nil
    problems.report(
      "no agent that offers '\(step.needs.task)' meets these needs",
      at: single?.position ?? step.positions.task, text: single?.text ?? step.needs.task,
      remedy: "change them; offered: "
        + Self.list(refused.map { ($0.offer, $0.misfit.message) }))
  }

  /// Nobody fits: what all have against the step is the file's fault and is reported in its place.
  private mutating func reportMisfits(of step: Step, _ fits: [OfferFit]) {
    var common = fits[0].misfits
    for fit in fits.dropFirst() { common.removeAll { !fit.misfits.contains($0) } }
    for misfit in common {
      problems.report(
        misfit.message, at: misfit.position, text: misfit.text, remedy: misfit.remedy)
    }
    guard common.isEmpty else { return }
    problems.report(
      "none of the \(fits.count) agents that offer '\(step.needs.task)' fits this step",
      at: step.positions.task, text: step.needs.task,
      remedy: "change the step to fit one of them: "
        + Self.list(fits.map { ($0.offer, $0.misfits.first?.message ?? "") }))
  }

  /// A team is as many *different* agents.
  private mutating func checkTeam(
    of step: Step, _ fits: [OfferFit], _ refused: [(offer: Offer, misfit: Misfit)]
  ) {
    let agents = Set(fits.filter(\.misfits.isEmpty).map(\.offer.agent)).sorted()
    guard step.team > agents.count else { return }
    let others =
      fits.compactMap { fit in fit.misfits.first.map { (fit.offer, $0.message) } }
      + refused.map { ($0.offer, $0.misfit.message) }
    problems.report(
      "a team of \(step.team) needs as many different agents, but only \(agents.count) "
        + "fit\(agents.count == 1 ? "s" : ""): \(agents.joined(separator: ", "))",
      at: step.positions.values["team"] ?? step.position, text: String(step.team),
      remedy: "write team: \(agents.count)"
        + (others.isEmpty ? ", or install another agent" : "; not fitting: \(Self.list(others))"))
  }

  private static func list(_ reasons: [(Offer, String)]) -> String {
    reasons.map { offer, reason in "\(offer.agent) (\(reason))" }.joined(separator: "; ")
  }

  // MARK: Settings of the host

  /// Checks the settings that the host reads: `split` and `space`.
  private mutating func checkHostSettings(of step: Step, at path: StepPath) {
    switch step.needs.task {
    case TaskNames.prepare:
      guard let split = step.with.first(where: { $0.key == "split" }) else { return }
      let reading = SplitPlan.read(split.value)
      for problem in reading.problems {
        let position =
          problem.isKey ? split.positions.key(problem.key) : split.positions.value(problem.key)
        let field = problem.key.isEmpty ? nil : split.value[problem.key]
        problems.report(
          problem.error.message, at: position,
          text: problem.isKey ? problem.key : field?.shown ?? "", remedy: problem.error.remedy)
      }
      checkSplitColumns(reading.plan, split, of: step, at: path)
    case TaskNames.optimise:
      guard let space = step.with.first(where: { $0.key == "space" }) else { return }
      checkSpace(space)
    default: break
    }
  }

  /// The columns that a split goes by must be in the rows that are split, as far as is known.
  private mutating func checkSplitColumns(
    _ plan: SplitPlan, _ split: StepSetting, of step: Step, at path: StepPath
  ) {
    guard let rows = step.input("rows"), let source = types.source(of: rows.reference, at: path),
      case .some(let row?) = types.type(of: source.path, port: source.port)?.rows, !row.open
    else { return }
    for (key, column) in [("by", plan.by), ("stratify", plan.stratify)] {
      guard let column, row.column(column) == nil else { continue }
      let names = row.columns.map(\.name)
      problems.report(
        "the rows of '\(rows.reference.text)' have no column '\(column)'",
        at: split.positions.value(key), text: column,
        remedy: suggestion(
          for: column, among: names,
          else: "columns are \(names.joined(separator: ", ")); add it to out of '\(source.path)'"))
    }
  }

  private mutating func checkSpace(_ space: StepSetting) {
    guard let fields = space.value.fields else {
      problems.report(
        "'space' takes a mapping, not \(space.value.kindName)",
        at: space.positions.value(""), text: space.value.shown,
        remedy: "write space: {lr: 1e-4..1e-1 log, hidden: [64, 128]}")
      return
    }
    for field in fields {
      let position = space.positions.value(field.key)
      do {
        _ = try SearchRange(field.value)
      } catch let error as NotationError {
        problems.report(
          "'\(field.key)': \(error.message)", at: position, text: field.value.shown,
          remedy: error.remedy)
      } catch {
        problems.report(
          "'\(field.key)': \(error)", at: position, text: field.value.shown,
          remedy: "write low..high or a list of values")
      }
    }
  }
}
