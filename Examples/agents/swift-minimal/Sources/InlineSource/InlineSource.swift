import AgentKit

/// Collects rows that stand in the workflow file itself: `messages: {spam: [...], ham: [...]}`.
struct InlineSource: Agent {
  static let identity = AgentIdentity(
    id: "org.example.inline-source", version: "1.0.0", about: "rows from the workflow file")

  init(host: Host, config: JSONValue) {}

  var offers: [Offer] {
    let rows = Port.table("rows", ["text": .utf8, "label": .utf8])
    let texts = SettingSpec.json("messages", nil, about: "an object: label to list of texts")
    let attributes = ["source": "inline"]
    return [Offer("data.collect/1", outputs: [rows], settings: [texts], attributes: attributes)]
  }

  func prepare(_ award: Award) throws -> any Assignment { Collecting(settings: award.settings) }
}

struct Collecting: Assignment {
  let settings: Settings

  func run(_ job: Job) throws {
    let messages = settings["messages"]?.members ?? []
    let rows = messages.flatMap { message in
      (message.value.stringsValue ?? []).map { (text: $0, label: message.key) }
    }
    guard !rows.isEmpty else {
      throw AgentFailure(.invalidArgument, "no texts in any list", where: "settings.messages")
    }
    let text = TableColumn("text", .utf8(rows.map(\.text)))
    let label = TableColumn("label", .utf8(rows.map(\.label)))
    try job.set("rows", table: Table(columns: [text, label]))
  }
}

/// What the host calls.
@c(cadre_entry_0)
public func cadreEntry(_ boot: Boot) -> Module { AgentModule.start(boot, InlineSource.self) }
