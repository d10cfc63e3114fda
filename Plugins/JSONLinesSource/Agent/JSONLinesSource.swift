import AgentKit
import CadreABI
import JSONLinesReading
import RowSources

/// Collects rows from files with one JSON object a line.
struct JSONLinesSource: Agent {
  static let identity = AgentIdentity(
    id: "org.cadre.jsonl-source", version: "0.1.0", about: "Reads rows from JSON-lines files")

  let offers = [Offer.source("jsonl", about: "Reads files with one JSON object a line")]

  init(host: Host, config: JSONValue) {}

  func bid(_ call: Call) -> BidAnswer {
    .yes(Estimate(fixed: .milliseconds(2), perItem: .microseconds(5), memory: 1 << 20))
  }

  func prepare(_ award: Award) throws -> any Assignment {
    Collecting(settings: try SourceSettings(award.settings))
  }

  private struct Collecting: Assignment {
    let settings: SourceSettings

    func run(_ job: Job) throws {
      let table = try JSONLinesReader.table(settings, checkStop: job.checkStop)
      job.progress(1, "\(table.rowCount) rows")
      try job.set("rows", table: table)
    }
  }
}

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, JSONLinesSource.self) }
