import AgentKit
import Scoring

/// Scores classifications with intervals, figures a class, a confusion matrix and the calibration.
public struct ClassificationEvaluatorAgent: Agent {
  /// Who it is.
  public static let identity = AgentIdentity(
    id: "org.cadre.classification-evaluator", version: "0.1.0",
    about: "Macro-F1, accuracy and log loss, with intervals and calibration")

  /// What it does.
  public let offers = [
    Offer(
      "evaluate.classification/1", about: "Scores log-probabilities against the true classes",
      inputs: [
        .tensor("logp", .f32, ["rows", "classes"]),
        .dataset("truth", columns: [Column("label", .utf8, nullable: true)]),
      ],
      outputs: [
        .scalar("macro_f1", .f64), .scalar("accuracy", .f64),
        .scalar("log_loss", .f64).about("in nats; 0 is perfect"),
        .json("report").about("intervals, figures a class, confusion matrix, calibration"),
      ],
      settings: [
        .i64("resamples", 1000, in: 100...100_000, about: "bootstrap resamples of the interval"),
        .f64("level", 0.95, in: 0.5...0.999, about: "level of the intervals"),
      ],
      maxJobs: 8, flags: [.idempotent, .deterministic])
  ]

  /// Opens the agent; it has no configuration.
  public init(host: Host, config: JSONValue) {}

  /// Answers a call.
  public func bid(_ call: Call) throws -> BidAnswer {
    // A resample draws each row once: some nanoseconds a row.
    let resamples = try call.settings.int("resamples")
    return .yes(
      Estimate(
        fixed: .milliseconds(2), perItem: .nanoseconds(10 * resamples), memory: 4 << 20,
        reason: "\(resamples) bootstrap resamples"))
  }

  /// Accepts an award.
  public func prepare(_ award: Award) throws -> any Assignment {
    Evaluating(
      resamples: try award.settings.int("resamples"), level: try award.settings.double("level"))
  }

  private struct Evaluating: Assignment {
    let resamples: Int
    let level: Double

    func run(_ job: Job) throws {
      let truth = try job.dataset("truth")
      let evaluation = try ClassificationEvaluation(
        classes: truth.classes,
        bootstrap: Bootstrap(resampleCount: resamples, level: level, seed: job.seed))
      let labels = try truth.table(columns: ["label"]).strings("label")
      let report = try evaluation.report(logp: job.tensor("logp"), truth: labels)
      try job.set("macro_f1", scalar: report.macroF1)
      try job.set("accuracy", scalar: report.accuracy)
      if let logLoss = report.logLoss { try job.set("log_loss", scalar: logLoss) }
      try job.set("report", json: JSONValue(parsing: report.json()))
      job.progress(1, "\(report.rowCount) rows evaluated")
    }
  }
}
