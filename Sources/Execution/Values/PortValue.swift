import AgentHost
import ArrowTables
import Contracts

/// Which model a value comes from, so that its makers are credited and its consumers find the right
/// agent.
struct ModelOrigin: Hashable, Sendable {
  /// The artefact's digest.
  var digest: String
  /// The agent that trained it.
  var maker: String
  /// What a tuner had set for its training; empty when nothing.
  var settings: Setting
}

/// One value with its maker.
struct Produced: Sendable {
  /// The value.
  var value: Value
  /// The agent that made it; `host` for the host's own.
  var maker: String
  /// The model behind it: itself, or the one that predicted it, or nil.
  var origin: ModelOrigin? = nil
}

/// Data that the host keeps closed until the one step that may open it.
final class SealedPart: Sendable {
  /// The name under which the opening is recorded: `prepare.test`.
  let name: String
  private let dataset: Dataset

  init(name: String, dataset: Dataset) {
    self.name = name
    self.dataset = dataset
  }

  /// Rows that it holds: the one thing known before it is opened.
  var rowCount: Int { dataset.rowCount }

  /// The data, for the host's own scoring and for artefacts; who calls it records the opening.
  func open() -> Dataset { dataset }
}

/// What a port of a step holds.
enum PortValue: Sendable {
  /// One value.
  case one(Produced)
  /// A value from each member of a team, in the team's order.
  case team([Produced])
  /// A sealed dataset.
  case sealed(SealedPart)

  /// The members: one for a single value.
  var members: [Produced] {
    switch self {
    case .one(let value): [value]
    case .team(let values): values
    case .sealed: []
    }
  }

  /// True for a value from each member of a team.
  var isTeam: Bool { if case .team = self { true } else { false } }
}

extension Value {
  /// The kind's name, as in port types.
  var kindName: String {
    switch self {
    case .tensor: "tensor"
    case .table: "table"
    case .text: "text"
    case .bytes: "bytes"
    case .json: "json"
    case .scalar: "scalar"
    case .dataset: "dataset"
    case .model: "model"
    case .state: "state"
    case .settings: "settings"
    case .team: "team"
    }
  }

  /// Rows of a table, a dataset or a tensor's first axis; nil for the rest.
  var rowCount: Int? {
    switch self {
    case .table(let table): table.rowCount
    case .dataset(let dataset): dataset.rowCount
    case .tensor(let tensor): tensor.shape.rank > 0 ? tensor.shape[0] : nil
    default: nil
    }
  }
}
