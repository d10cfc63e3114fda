import ArrowTables
import Contracts
import TensorCore

/// One value on a port, as the host holds it.
///
/// NaN and infinities pass through unchanged, in tensors, tables and scalars: looking for them would
/// cost a pass over the memory, and a log-probability of −∞ is meant. Who compares must mind them.
public indirect enum Value: Sendable {
  /// A dense array.
  case tensor(Tensor)
  /// Rows.
  case table(Table)
  /// One text.
  case text(String)
  /// Bytes that the host does not interpret.
  case bytes([UInt8])
  /// One JSON document.
  case json(String)
  /// One number, truth value or text.
  case scalar(ScalarValue)
  /// Rows that can be read again and again.
  case dataset(Dataset)
  /// Named tensors with metadata.
  case model(Model)
  /// Bytes that only their maker understands.
  case state([UInt8])
  /// An object of settings.
  case settings(Setting)
  /// One value a member of a team, in the team's order; on a port of streams, the values in order.
  case team([Value])

  /// What the value is, for a message.
  var described: String {
    switch self {
    case .tensor(let tensor): "tensor<\(tensor.dtype),\(tensor.shape)>"
    case .table: "table"
    case .text: "text"
    case .bytes: "bytes"
    case .json: "json"
    case .scalar(let value): value.typeName
    case .dataset: "dataset"
    case .model(let model): "model<\(model.task)>"
    case .state: "state"
    case .settings: "settings"
    case .team(let members): "a list of \(members.count) values"
    }
  }
}

/// A single value of a scalar port.
public enum ScalarValue: Sendable, Hashable {
  /// A number with a fraction.
  case f64(Double)
  /// A whole number.
  case i64(Int64)
  /// A truth value.
  case bool(Bool)
  /// A text.
  case utf8(String)

  /// The name in the notation of types.
  public var typeName: String {
    switch self {
    case .f64: "f64"
    case .i64: "i64"
    case .bool: "bool"
    case .utf8: "utf8"
    }
  }

  /// The type of a port that carries it.
  public var type: Contracts.ScalarType {
    switch self {
    case .f64: .element(.f64)
    case .i64: .element(.i64)
    case .bool: .element(.bool)
    case .utf8: .utf8
    }
  }
}
