import AgentKit
import RowSources

/// How to read CSV: what every source is told, and the delimiter and the header.
public struct CSVSettings: Sendable, Hashable {
  /// What every source is told.
  public let source: SourceSettings
  /// The ASCII character between fields.
  public let delimiter: UInt8
  /// Whether the first record names the columns; else they are `column_1`, `column_2` and so on.
  public let hasHeader: Bool

  /// Reads the settings.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument`, naming the setting.
  public init(_ settings: Settings) throws(AgentFailure) {
    source = try SourceSettings(settings)
    hasHeader = try settings.bool("header")
    let text = try settings.string("delimiter")
    let bytes = Array(text == "tab" ? "\t".utf8 : text.utf8)
    guard let delimiter = bytes.first, bytes.count == 1, delimiter < 0x80,
      ![0, 0x0A, 0x0D, 0x22].contains(delimiter)
    else {
      throw AgentFailure(
        .invalidArgument,
        "should be one ASCII character such as , or ; or the word tab, not "
          + "'\(text)'", where: "settings.delimiter")
    }
    self.delimiter = delimiter
  }

  /// The settings that only this source has.
  public static let specs: [SettingSpec] = [
    .utf8("delimiter", ",", about: "the character between fields, or the word tab"),
    .bool("header", true, about: "the first record names the columns"),
  ]
}
