import AgentHost
import Contracts
import Foundation
import ModelFormats
import TensorCore

extension NamedTensor {
  /// A tensor under a name, its bytes copied in row-major order.
  init(_ name: String, _ tensor: Tensor) throws {
    let type: ModelFormats.ScalarType =
      switch tensor.dtype {
      case .f32: .f32
      case .f64: .f64
      case .i32: .i32
      case .i64: .i64
      case .u8: .u8
      case .bool: .bool
      case .bf16: .bf16
      case .i8: .i8
      }
    self.init(
      name: name, type: type, shape: tensor.shape.dimensions,
      bytes: try tensor.withUnsafeBytes { Data($0) })
  }

  /// The tensor, its bytes copied.
  ///
  /// - Throws: ``ExecutionError`` for an element type that Cadre's tensors do not have.
  func tensor() throws -> Tensor {
    let dtype: DType =
      switch type {
      case .f32: .f32
      case .f64: .f64
      case .i32: .i32
      case .i64: .i64
      case .u8: .u8
      case .bool: .bool
      case .bf16: .bf16
      case .i8: .i8
      default:
        throw ExecutionError(
          .unimplemented, "the tensor '\(name)' has elements of type \(type.rawValue)",
          remedy: "convert it to F32")
      }
    let result = try Tensor.zeros(shape, dtype: dtype)
    try result.withUnsafeMutableBytes { bytes in
      guard bytes.count == self.bytes.count else {
        throw ExecutionError(
          .dataLoss, "the tensor '\(name)' has \(self.bytes.count) bytes, not \(bytes.count)")
      }
      self.bytes.copyBytes(to: bytes)
    }
    return result
  }
}

extension Model {
  /// The model as a safetensors file; task, format and metadata stand in the file's own metadata.
  var safetensors: Safetensors {
    get throws {
      Safetensors(
        tensors: try tensors.map { try NamedTensor($0.name, $0.tensor) }, metadata: bundleMetadata)
    }
  }

  /// What a bundle keeps beside the tensors.
  var bundleMetadata: [String: String] {
    ["task": task, "format": format, "metadata": metadata.json]
  }

  /// The model that a bundle's member holds.
  convenience init(_ member: ModelBundle.Member) throws {
    let metadata = try Setting(json: member.metadata["metadata"] ?? "{}")
    try self.init(
      task: member.metadata["task"] ?? "", format: member.metadata["format"] ?? "",
      metadata: metadata,
      tensors: try member.model.tensors.map { (name: $0.name, tensor: try $0.tensor()) })
  }
}
