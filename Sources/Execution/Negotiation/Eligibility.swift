import Contracts

/// What the host allows an agent to read, whatever the agent asks for and the file says.
enum Eligibility {
  /// Columns that tasks which execute may read: never the truth.
  ///
  /// An agent whose port asks such a task for another column is not asked, so no label reaches it
  /// whatever it declares.
  static let readable: [String: Set<String>] = [
    TaskNames.classifyText: ["text"],
    TaskNames.apply: ["text"],
  ]

  /// Why the columns that the offer asks for forbid it.
  static func columnObjection(to offer: Offer) -> String? {
    guard let allowed = readable[offer.task] else { return nil }
    for port in offer.inputs {
      guard let columns = tableType(port.type)?.columns else { continue }
      if let extra = columns.first(where: { !allowed.contains($0.name) }) {
        return "it asks for the column '\(extra.name)', which \(offer.task) may not read"
      }
    }
    return nil
  }

  /// The columns of a table or dataset, whatever is around it.
  static func tableType(_ type: PortType) -> TableType? {
    switch type {
    case .table(let table): table
    case .dataset(let table): table
    case .team(let inner), .sealed(let inner), .stream(let inner): tableType(inner)
    default: nil
    }
  }
}
