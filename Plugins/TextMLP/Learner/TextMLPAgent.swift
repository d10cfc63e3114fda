import AgentKit

/// Classifies texts by a multi-layer perceptron over TF-IDF terms, on the host's operations.
public struct TextMLPAgent: Agent {
  /// Who it is.
  public static let identity = AgentIdentity(
    id: "org.cadre.text-mlp", version: "0.1.0",
    about: "TF-IDF terms into a neural network with one hidden layer")

  /// What it does: trains and classifies.
  public let offers = [trainOffer, classifyOffer]

  /// Opens the agent; it has no configuration.
  public init(host: Host, config: JSONValue) throws {
    // Asked here, so that a host without operations hears of it before an award.
    _ = try OpTable(host)
  }

  /// Answers a call.
  public func bid(_ call: Call) throws -> BidAnswer {
    if call.offer == 0 { return try TrainingBid(call, settings: MLPSettings(call.settings)).answer }
    return .yes(
      Estimate(
        fixed: .microseconds(300), perItem: .microseconds(60), warmUp: .milliseconds(15),
        memory: 32 << 20))
  }

  /// Accepts an award: reads the model where it is to classify.
  public func prepare(_ award: Award) throws -> any Assignment {
    if award.offerIndex == 0 { return Training(settings: award.settings, threads: award.threads) }
    return Classifying(
      network: try TextNetwork(from: award.model("model"), on: award.ops()),
      threads: award.threads)
  }

  private static let trainOffer = Offer(
    "model.train/1", about: "Trains the network by back-propagation with early stopping",
    inputs: [
      .dataset("data", columns: labelled),
      .dataset("val", columns: labelled).optional.about("what early stopping watches"),
      .settings("settings").optional.about("a tuner's settings; they win over the award's"),
    ],
    outputs: [.model("model", task: "text.classify/1", format: TextNetwork.format)],
    settings: MLPSettings.specs, attributes: ["for": "text.classify/1"],
    flags: [.idempotent, .deterministic])

  private static let classifyOffer = Offer(
    "text.classify/1", about: "Classifies by the network; z holds its hidden units",
    inputs: [
      .table("rows", columns: [Column("text", .utf8, nullable: true)]),
      .model("model", task: "text.classify/1", format: TextNetwork.format).bound,
    ],
    outputs: [
      .tensor("logp", .f32, ["rows", "classes"]), .tensor("z", .f32, ["rows", "features"]),
    ],
    maxJobs: 8, flags: [.idempotent, .deterministic])

  private static let labelled = [
    Column("text", .utf8, nullable: true), Column("label", .utf8, nullable: true),
  ]
}

/// A training under one award.
private struct Training: Assignment {
  let settings: Settings
  let threads: Int

  func run(_ job: Job) throws {
    let tuned = try job.inputIfPresent("settings")?.settings()
    let settings = try MLPSettings(tuned.map(settings.overridden) ?? settings)
    let reader = try job.dataset("data")
    let data = try LabelledTexts(
      reader.table(columns: ["text", "label"]), classes: reader.classes, port: "data")
    let validation = try job.inputIfPresent("val").map { input in
      try LabelledTexts(
        input.dataset().table(columns: ["text", "label"]), classes: reader.classes, port: "val")
    }
    let training = TextTraining(
      settings, classes: reader.classes, seed: job.seed, ops: try job.ops(threads: threads))
    let result = try training.run(data, validation: validation, checkStop: job.checkStop) { epoch in
      job.progress(Double(epoch.number) / Double(settings.epochs), epoch.note)
    }
    try job.set("model", model: result.network.draft(settings: settings, record: result.record))
    job.progress(1, "best epoch \(result.bestEpoch) of \(result.epochs.count)")
  }
}

/// A model in use under one award.
private struct Classifying: Assignment {
  let network: TextNetwork
  let threads: Int

  func run(_ job: Job) throws {
    let texts = try job.table("rows").strings("text").map { $0 ?? "" }
    let answer = try network.answer(
      texts, on: job.ops(threads: threads), checkStop: job.checkStop)
    try job.set("logp", .tensor(answer.logp))
    try job.set("z", .tensor(answer.z))
  }
}
