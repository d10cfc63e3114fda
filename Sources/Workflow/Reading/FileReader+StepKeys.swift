import Contracts

extension FileReader {
  mutating func map(_ entry: YAMLValue.Entry, _ step: inout Step) -> MapOver? {
    let example = "{over: prepare.val, batch: 32}"
    guard let entries = mapping(entry.value, as: "'map'", example: "map: \(example)") else {
      step.damaged.insert("in")
      return nil
    }
    refuseUnknown(entries, known: ["over", "batch", "as"], of: "'map'")
    guard let over = entries["over"] else {
      problems.report(
        "'map' does not say which rows to run over", at: entry.position, text: entry.key,
        remedy: "add over, as in map: \(example)")
      step.damaged.insert("in")
      return nil
    }
    let reference = notation(over.value, of: "over", example: "prepare.val") {
      try Reference(parsing: $0, position: over.value.textPosition)
    }
    var batch = 1
    if let size = entries["batch"] {
      batch = whole(size.value, of: "batch", from: 1, example: "32") ?? 1
    } else {
      problems.report(
        "'map' does not say how many rows a job gets", at: entry.position, text: entry.key,
        remedy: "add batch, as in map: \(example)")
    }
    var port: String?
    if let name = entries["as"] { port = string(name.value, of: "as", example: "rows") }
    guard let reference else {
      step.damaged.insert("in")
      return nil
    }
    return MapOver(over: reference, batch: batch, port: port, position: entry.position)
  }

  mutating func retry(_ value: YAMLValue) -> RetryPolicy? {
    let example = "retry: {max: 4, on_errors: [unavailable], backoff: 1s..30s}"
    guard let entries = mapping(value, as: "'retry'", example: example) else { return nil }
    refuseUnknown(entries, known: ["max", "on_errors", "backoff"], of: "'retry'")
    var policy = RetryPolicy(
      max: 0, onErrors: RetryPolicy.passingErrors, backoff: .seconds(1),
      backoffLimit: .seconds(30))
    if let max = entries["max"] {
      policy.max = whole(max.value, of: "max", from: 1, example: "4") ?? 0
    } else {
      problems.report(
        "'retry' has no 'max': every retry has a bound", at: value.position,
        remedy: "add max, as in \(example)")
    }
    if let codes = entries["on_errors"] {
      policy.onErrors = errorCodes(codes.value)
    }
    if let backoff = entries["backoff"] {
      let range = notation(
        backoff.value, of: "backoff", example: "1s..30s", Quantity.durationRange)
      if let range { (policy.backoff, policy.backoffLimit) = range }
    }
    return policy
  }

  private mutating func errorCodes(_ value: YAMLValue) -> Set<String> {
    guard case .list(let values) = value.content, !values.isEmpty else {
      reportType(value, key: "on_errors", wants: "a list of codes", example: "[unavailable]")
      return []
    }
    let known = ErrorCode.allCases.map(\.name)
    var codes: Set<String> = []
    for item in values {
      guard let code = string(item, of: "on_errors", example: "[unavailable]") else { continue }
      if known.contains(code) {
        codes.insert(code)
      } else {
        problems.report(
          "'\(code)' is no error code", at: item.position, text: item.text,
          remedy: NearMiss.nearest(to: code, among: known).map { "did you mean '\($0)'?" }
            ?? "codes are \(known.joined(separator: ", "))")
      }
    }
    return codes
  }

  mutating func duration(_ value: YAMLValue, of key: String, example: String) -> Duration? {
    // `deadline: 2` is a number without a unit, not text: say so in the same words.
    let text: String? =
      if case .scalar(let scalar) = value.content, scalar.doubleValue != nil {
        value.text
      } else {
        string(value, of: key, example: example)
      }
    guard let text else { return nil }
    return notation(text, in: value, of: key) { text in
      let duration = try Quantity.duration(text)
      guard duration > .zero else {
        throw NotationError(
          message: "'\(text)' leaves no time", length: text.unicodeScalars.count,
          remedy: "write a duration above zero, such as \(example)")
      }
      return duration
    }
  }

  mutating func resources(_ value: YAMLValue) -> Resources {
    var resources = Resources()
    guard
      let entries = mapping(
        value, as: "'resources'", example: "resources: {memory: 1GiB, cores: 2}")
    else { return resources }
    refuseUnknown(entries, known: ["memory", "cores"], of: "'resources'")
    if let memory = entries["memory"] {
      resources.memoryBytes = notation(
        memory.value, of: "memory", example: "1GiB", Quantity.bytes)
    }
    if let cores = entries["cores"] {
      resources.cores = whole(cores.value, of: "cores", from: 1, example: "2")
    }
    return resources
  }

  mutating func feedback(_ value: YAMLValue) -> [Feedback] {
    guard case .list(let values) = value.content else {
      reportType(value, key: "feedback", wants: "a list of steps", example: "[improve.train]")
      return []
    }
    return values.compactMap { item in
      guard let text = string(item, of: "feedback", example: "[improve.train]") else { return nil }
      let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard names.allSatisfy({ Name.isName($0) }) else {
        problems.report(
          "'\(text)' names no step", at: item.position, text: item.text,
          remedy: "name a step as step or loop.step")
        return nil
      }
      return Feedback(step: StepPath(names), position: item.textPosition)
    }
  }

  /// Reads what a later version will do, then refuses it by name: a key that did nothing would lie.
  mutating func refuseUnavailable(_ keys: Entries, in step: Step) {
    if let isolate = keys["isolate"] {
      if let word = string(isolate.value, of: "isolate", example: "process"), word != "process" {
        reportType(isolate.value, key: "isolate", wants: "the word process", example: "process")
      }
      refuse(isolate, "the step then runs inside of the host")
    }
    if let checkpoint = keys["checkpoint"] {
      _ = duration(checkpoint.value, of: "checkpoint", example: "60s")
      refuse(checkpoint, "training then starts anew after an interruption")
    }
    guard step.needs.task == TaskNames.deploy,
      case .mapping(let with)? = keys["with"]?.value.content
    else { return }
    let settings = Entries(all: with)
    if let canary = settings["canary"] {
      _ = notation(canary.value, of: "canary", example: "5% for 2m", Self.checkCanary)
      refuse(canary, "the new version then serves everything at once")
    }
    if let rollback = settings["rollback_if"] {
      _ = expression(rollback.value, of: "rollback_if")
      refuse(rollback, "go back by deploying the former version")
    }
  }

  private mutating func refuse(_ entry: YAMLValue.Entry, _ consequence: String) {
    problems.report(
      "'\(entry.key)' is not available in this version", at: entry.position, text: entry.key,
      remedy: "remove '\(entry.key)'; \(consequence)")
  }

  /// `5% for 2m`: a share of requests and a time.
  private static func checkCanary(_ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3, words[1] == "for", words[0].hasSuffix("%"),
      let share = Double(words[0].dropLast()), share > 0, share <= 100
    else {
      throw NotationError(
        message: "'\(text)' is no share for a time", length: text.unicodeScalars.count,
        remedy: "write a share and a time, such as 5% for 2m")
    }
    _ = try Quantity.duration(words[2])
  }
}
