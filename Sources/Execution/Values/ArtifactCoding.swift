import AgentHost
import ArrowTables
import Contracts
import Foundation
import ModelFormats
import TensorCore

/// A value as it lies in the store: bytes, their kind, and the type for a person.
struct EncodedArtifact: Sendable {
  var bytes: [UInt8]
  /// `safetensors`, `jsonl`, `json`, `text` or `bytes`.
  var kind: String
  /// `dataset<text:utf8, label:utf8> 1,406 rows`.
  var type: String
}

/// How values become content-addressed files that other tools read: tensors and models as
/// safetensors, rows as JSON lines, the rest as it is.
enum ArtifactCoding {
  /// Encodes a value.
  ///
  /// The same value always gives the same bytes, so that digests can be compared between runs.
  ///
  /// - Throws: the errors of the formats.
  /// - Complexity: O(bytes).
  static func encoded(_ value: Value) throws -> EncodedArtifact {
    switch value {
    case .tensor(let tensor):
      let file = Safetensors(tensors: [try NamedTensor("value", tensor)])
      return EncodedArtifact(
        bytes: [UInt8](try file.encoded()), kind: "safetensors",
        type: "tensor<\(tensor.dtype),\(tensor.shape)>")
    case .model(let model):
      return EncodedArtifact(
        bytes: [UInt8](try model.safetensors.encoded()), kind: "safetensors",
        type: "model<\(model.task), \(model.format)> \(model.tensors.count) tensors")
    case .table(let table):
      return EncodedArtifact(
        bytes: jsonLines(table), kind: "jsonl", type: typeText("table", table))
    case .dataset(let dataset):
      return EncodedArtifact(
        bytes: jsonLines(dataset.table), kind: "jsonl", type: typeText("dataset", dataset.table))
    case .text(let text):
      return EncodedArtifact(bytes: Array(text.utf8), kind: "text", type: "text")
    case .json(let text):
      return EncodedArtifact(bytes: Array(text.utf8), kind: "json", type: "json")
    case .settings(let setting):
      return EncodedArtifact(bytes: Array(setting.json.utf8), kind: "json", type: "settings")
    case .scalar(let scalar):
      return EncodedArtifact(
        bytes: Array(json(scalar).utf8), kind: "json", type: "scalar \(json(scalar))")
    case .bytes(let bytes): return EncodedArtifact(bytes: bytes, kind: "bytes", type: "bytes")
    case .state(let bytes): return EncodedArtifact(bytes: bytes, kind: "bytes", type: "state")
    case .team(let values):
      throw ExecutionError(
        .internal, "a team of \(values.count) values is stored member by member, not whole")
    }
  }

  private static func typeText(_ kind: String, _ table: Table) -> String {
    let columns = table.columns.map { "\($0.name):\($0.values.type)" }.joined(separator: ", ")
    return "\(kind)<\(columns)> \(table.rowCount) rows"
  }

  private static func json(_ scalar: ScalarValue) -> String {
    switch scalar {
    case .f64(let value): Setting.double(value).json
    case .i64(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .utf8(let value): Setting.string(value).json
    }
  }

  /// One JSON object a row, keys in the table's order; a null stays null.
  private static func jsonLines(_ table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in 0..<table.rowCount {
      let fields = table.columns.map { column -> Setting.Field in
        Setting.Field(column.name, cell(column.values, row))
      }
      bytes += Array(Setting.object(fields).json.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func cell(_ values: ColumnValues, _ row: Int) -> Setting {
    switch values {
    case .utf8(let column): column[row].map(Setting.string) ?? .null
    case .i64(let column): column[row].map { .int(Int($0)) } ?? .null
    case .f64(let column): column[row].map(Setting.double) ?? .null
    case .bool(let column): column[row].map(Setting.bool) ?? .null
    }
  }
}
