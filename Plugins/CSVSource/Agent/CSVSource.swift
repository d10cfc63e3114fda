import AgentKit
import CSVParsing
import CadreABI
import RowSources

/// Collects rows from CSV files.
struct CSVSource: Agent {
  static let identity = AgentIdentity(
    id: "org.cadre.csv-source", version: "0.1.0", about: "Reads rows from CSV files (RFC 4180)")

  let offers = [
    Offer.source("csv", about: "Reads CSV files", settings: CSVSettings.specs)
  ]

  init(host: Host, config: JSONValue) {}

  func bid(_ call: Call) -> BidAnswer {
    .yes(Estimate(fixed: .milliseconds(2), perItem: .microseconds(3), memory: 1 << 20))
  }

  func prepare(_ award: Award) throws -> any Assignment {
    Collecting(settings: try CSVSettings(award.settings))
  }

  private struct Collecting: Assignment {
    let settings: CSVSettings

    func run(_ job: Job) throws {
      let table = try CSVReader.table(settings, checkStop: job.checkStop)
      job.progress(1, "\(table.rowCount) rows")
      try job.set("rows", table: table)
    }
  }
}

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, CSVSource.self) }
