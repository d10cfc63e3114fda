/// A value that an agent gives.
public enum OutputValue: Sendable {
  /// A dense array, copied.
  case tensor(TensorValue)
  /// A dense array in the host's memory, not copied.
  case hostTensor(Tensor)
  /// Rows in named columns.
  case table(Table)
  /// One text.
  case text(String)
  /// Bytes.
  case bytes([UInt8])
  /// One JSON document.
  case json(JSONValue)
  /// One number, truth value or text.
  case scalar(ScalarValue)
  /// Bytes that only their maker understands.
  case state([UInt8])
  /// An object of settings.
  case settings(JSONValue)
  /// A new model.
  case model(ModelDraft)

  var kind: ValueKind {
    switch self {
    case .tensor, .hostTensor: .tensor
    case .table: .table
    case .text: .text
    case .bytes: .bytes
    case .json: .json
    case .scalar: .scalar
    case .state: .state
    case .settings: .settings
    case .model: .model
    }
  }
}
