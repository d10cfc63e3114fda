import AgentKit

/// One file or database to read, and the name of the part that its rows make.
public struct SourcePart: Sendable, Hashable {
  /// The part's name, such as `train`; nil when the source is one path without parts.
  public let name: String?
  /// Where it lies, as the host resolved it.
  public let path: String

  /// Joins a name with a path.
  public init(name: String? = nil, path: String) {
    self.name = name
    self.path = path
  }
}

/// The settings that every source has: where the rows lie and which columns are text and label.
public struct SourceSettings: Sendable, Hashable {
  /// What to read, in order.
  public let parts: [SourcePart]
  /// The source's column that becomes `text`.
  public let text: String
  /// The source's column that becomes `label`.
  public let label: String

  /// Reads the settings `path`, `text` and `label`.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for a path that is neither a text nor an object of
  ///   texts, and for one column that is to be both text and label.
  public init(_ settings: Settings) throws(AgentFailure) {
    parts = try Self.parts(settings["path"] ?? .null)
    text = try settings.string("text")
    label = try settings.string("label")
    guard text != label else {
      throw AgentFailure(
        .invalidArgument, "the column '\(text)' cannot be both text and label",
        where: "settings.label")
    }
  }

  private static func parts(_ path: JSONValue) throws(AgentFailure) -> [SourcePart] {
    if let path = path.stringValue, !path.isEmpty { return [SourcePart(path: path)] }
    var parts: [SourcePart] = []
    for member in path.members ?? [] {
      guard let path = member.value.stringValue, !path.isEmpty, !member.key.isEmpty else {
        throw AgentFailure(
          .invalidArgument, "a part needs a name and a path", where: "settings.path.\(member.key)")
      }
      parts.append(SourcePart(name: member.key, path: path))
    }
    guard !parts.isEmpty else {
      throw AgentFailure(
        .invalidArgument,
        "should be a path, or an object of named paths such as "
          + "{train: a.csv, test: b.csv}", where: "settings.path")
    }
    return parts
  }
}

extension Offer {
  /// The offer of a source: `data.collect/1` with the settings that all sources have, and its own.
  ///
  /// - Parameters:
  ///   - source: the attribute by which a workflow asks for it: `csv`.
  ///   - about: one line for a person.
  ///   - settings: what only this source has.
  public static func source(
    _ source: String, about: String, settings: [SettingSpec] = []
  ) -> Offer {
    let common: [SettingSpec] = [
      .path("path", parts: true, about: "one path, or an object of named paths"),
      .utf8("text", "text", about: "the column that becomes `text`"),
      .utf8("label", "label", about: "the column that becomes `label`"),
    ]
    return Offer(
      "data.collect/1", about: about,
      outputs: [
        .table(
          "rows",
          columns: [Column("text", .utf8, nullable: true), Column("label", .utf8, nullable: true)],
          open: true)
      ],
      settings: common + settings, attributes: ["source": source],
      flags: [.idempotent, .deterministic])
  }
}
