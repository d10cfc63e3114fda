import AgentKit
import CadreABI
import RowSources
import SQLiteReading

/// Collects rows from SQLite databases.
struct SQLiteSource: Agent {
  static let identity = AgentIdentity(
    id: "org.cadre.sqlite-source", version: "0.1.0",
    about: "Reads rows from a table or query of a SQLite database")

  let offers = [
    Offer.source(
      "sqlite", about: "Reads a table or query of a SQLite database",
      settings: SQLiteSettings.specs)
  ]

  init(host: Host, config: JSONValue) {}

  func bid(_ call: Call) -> BidAnswer {
    .yes(Estimate(fixed: .milliseconds(5), perItem: .microseconds(3), memory: 4 << 20))
  }

  func prepare(_ award: Award) throws -> any Assignment {
    Collecting(settings: try SQLiteSettings(award.settings))
  }

  private struct Collecting: Assignment {
    let settings: SQLiteSettings

    func run(_ job: Job) throws {
      let table = try SQLiteReader.table(settings, checkStop: job.checkStop)
      job.progress(1, "\(table.rowCount) rows")
      try job.set("rows", table: table)
    }
  }
}

/// The image's entry.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, SQLiteSource.self) }
