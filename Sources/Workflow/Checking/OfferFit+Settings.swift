import Contracts

extension OfferFit {
  /// Settings that the host reads or fills itself, whatever the agent says of them.
  private static func hostSettings(_ task: String) -> Set<String> {
    switch task {
    case TaskNames.prepare: ["split"]
    case TaskNames.optimise: ["space"]
    // Refused by name while the file is read.
    case TaskNames.deploy: ["canary", "rollback_if"]
    default: []
    }
  }

  /// Compares `with` with what the offer lets be set.
  mutating func compareSettings() {
    guard !step.damaged.contains("with") else { return }
    let host = Self.hostSettings(offer.task)
    for setting in step.with where !host.contains(setting.key) {
      let position = setting.positions.value("")
      guard let spec = offer.settings.first(where: { $0.name == setting.key }) else {
        let names = offer.settings.map(\.name) + host.sorted()
        miss(
          "'\(offer.task)' has no setting '\(setting.key)'", at: setting.position,
          text: setting.key,
          remedy: NearMiss.nearest(to: setting.key, among: names).map { "did you mean '\($0)'?" }
            ?? (names.isEmpty
              ? "it has no settings" : "its settings are \(names.joined(separator: ", "))"))
        continue
      }
      if let objection = spec.objection(to: setting.value) {
        miss(
          "'\(setting.key)' \(objection.message)", at: position,
          text: setting.value.shown, remedy: objection.remedy)
      }
    }
    for spec in offer.settings
    where spec.initial == nil && !host.contains(spec.name) && step.setting(spec.name) == nil {
      miss(
        "the setting '\(spec.name)' is missing", at: step.positions.keys["with"] ?? step.position,
        text: step.positions.keys["with"] == nil ? step.name : "with",
        remedy: "add \(spec.name) to with of '\(step.name)'"
          + (spec.about.isEmpty ? "" : ": \(spec.about)"))
    }
  }

  /// Compares `team` with what can be a team at all.
  mutating func compareTeam() {
    guard step.team > 1, offer.agent == Checker.host else { return }
    miss(
      "the host runs '\(offer.task)' itself, so there is no team for it",
      at: step.positions.keys["team"] ?? step.position, text: "team", remedy: "remove 'team'")
  }

  /// Compares `resources` with the least that the agent can work with.
  mutating func compareResources() {
    if let cores = step.resources.cores, offer.floorThreads > cores {
      miss(
        "\(cores) cores are fewer than the \(offer.floorThreads) that the agent works with",
        at: step.positions.values["resources"] ?? step.position,
        remedy: "write cores: \(offer.floorThreads)")
    }
    if let memory = step.resources.memoryBytes, offer.floorMemory > UInt64(max(0, memory)) {
      miss(
        "\(memory) bytes are fewer than the \(offer.floorMemory) that the agent works with",
        at: step.positions.values["resources"] ?? step.position,
        remedy: "write memory: \((offer.floorMemory + (1 << 20) - 1) >> 20)MiB")
    }
  }
}

extension SettingSpec {
  /// Why the value cannot be set, to follow the setting's name; nil where it can.
  func objection(to value: Setting) -> (message: String, remedy: String)? {
    // A path may be several named ones.
    if path, let fields = value.fields, !fields.isEmpty,
      fields.allSatisfy({ $0.value.stringValue != nil })
    {
      return nil
    }
    let (fits, wants): (Bool, String) =
      switch kind {
      case .f64: (value.doubleValue != nil, "a number")
      case .i64: (value.intValue != nil, "a whole number")
      case .bool: (value.boolValue != nil, "true or false")
      case .utf8: (value.stringValue != nil, "text")
      case .json: (true, "any value")
      }
    guard fits else {
      let example = initial.map { "such as \(name): \($0.shown)" } ?? "as \(name) says: \(about)"
      return ("takes \(wants), not \(value.kindName)", "write \(wants), \(example)")
    }
    if let range, let number = value.doubleValue, !range.contains(number) {
      let low = Self.shown(range.lowerBound)
      let high = Self.shown(range.upperBound)
      return (
        "lies from \(low) to \(high), not at \(value.shown)", "write a number in \(low)..\(high)"
      )
    }
    if !choices.isEmpty, !choices.contains(value) {
      let names = choices.map(\.shown)
      let near = NearMiss.nearest(to: value.shown, among: names)
      return (
        "cannot be \(value.shown)",
        near.map { "did you mean '\($0)'?" } ?? "choose from \(names.joined(separator: ", "))"
      )
    }
    return nil
  }

  private static func shown(_ number: Double) -> String {
    number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : "\(number)"
  }
}

extension Setting {
  /// The value as a message shows it: text without quotes, all else as JSON.
  var shown: String { stringValue ?? json }
}
