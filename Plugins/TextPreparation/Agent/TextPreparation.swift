import AgentKit
import CadreABI
import TextCleaning

/// Prepares texts: before the split, on the training part, and for a model's input.
struct TextPreparation: Agent {
  static let identity = AgentIdentity(
    id: "org.cadre.text-preparation", version: "0.1.0",
    about: "Cleans texts, removes duplicates, takes out stop words")

  let offers = [prepareOffer, fitOffer, applyOffer]

  init(host: Host, config: JSONValue) {}

  func bid(_ call: Call) throws -> BidAnswer {
    // The settings are checked here already, so that a wrong one shows in the plan.
    _ = try PreparationSettings(call.settings)
    return .yes(Estimate(fixed: .milliseconds(1), perItem: .microseconds(20), memory: 4 << 20))
  }

  func prepare(_ award: Award) throws -> any Assignment {
    let settings = try PreparationSettings(award.settings)
    switch award.offer.task {
    case Self.prepareOffer.task: return Preparing(settings: settings)
    case Self.fitOffer.task: return Fitting(settings: settings)
    default: return Applying(fitted: try FittedPreparation(decoding: award.state("fitted")))
    }
  }

  private struct Preparing: Assignment {
    let settings: PreparationSettings

    func run(_ job: Job) throws {
      let (table, report) = try RowPreparation.prepare(
        job.table("rows"), settings, checkStop: job.checkStop)
      job.progress(1, "\(report.rowsOut) of \(report.rowsIn) rows kept")
      try job.set("rows", table: table)
      try job.set("report", json: report.json)
    }
  }

  private struct Fitting: Assignment {
    let settings: PreparationSettings

    func run(_ job: Job) throws {
      let texts = try job.dataset("data").table(columns: ["text"]).strings("text")
      let fitted = FittedPreparation(fitting: texts, settings)
      job.progress(1, "\(fitted.stopWords.words.count) stop words")
      try job.set("fitted", state: fitted.encoded())
    }
  }

  private struct Applying: Assignment {
    let fitted: FittedPreparation

    func run(_ job: Job) throws {
      let table = try job.table("rows")
      var texts: [String?] = []
      for (row, text) in try table.strings("text").enumerated() {
        if row.isMultiple(of: 256) { try job.checkStop() }
        texts.append(fitted.applied(to: text ?? ""))
      }
      let tags = try table.requiredColumn("text").tags
      try job.set("rows", table: table.replacing(TableColumn("text", .utf8(texts), tags: tags)))
    }
  }

  private static let flags: Offer.Flags = [.idempotent, .deterministic]
  private static let labelled = [
    Column("text", .utf8, nullable: true), Column("label", .utf8, nullable: true),
  ]

  private static let prepareOffer = Offer(
    "data.prepare/1", about: "Cleans texts, drops unusable rows, removes duplicates",
    inputs: [.table("rows", columns: labelled, open: true)],
    outputs: [
      .table("rows", columns: labelled, open: true),
      .json("report").about("counts of what was done"),
    ],
    settings: PreparationSettings.specs, flags: flags)

  private static let fitOffer = Offer(
    "data.fit/1", about: "Learns stop words from the training part",
    inputs: [.dataset("data", columns: labelled)], outputs: [.state("fitted")],
    settings: PreparationSettings.specs, flags: flags)

  private static let applyOffer = Offer(
    "data.apply/1", about: "Prepares texts as the training part was",
    inputs: [
      .table("rows", columns: [Column("text", .utf8, nullable: true)]), .state("fitted").bound,
    ],
    outputs: [.table("rows", columns: [Column("text", .utf8)])],
    settings: PreparationSettings.specs, maxJobs: 8, flags: flags)
}

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, TextPreparation.self) }
