import FoundationEssentials

/// Tensors and notes of a safetensors file.
///
/// Format: 8 bytes little-endian with the length of the header, the header as JSON, then the
/// tensors' bytes without holes. Source: the format section of the README of
/// github.com/huggingface/safetensors.
public struct Safetensors: Hashable, Sendable {
  /// The tensors; when read, in the order of their bytes.
  public var tensors: [NamedTensor]
  /// The notes under `__metadata__`.
  public var metadata: [String: String]

  /// Makes the content of a file.
  ///
  /// Names and sizes are checked when it is written.
  public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name, or nil.
  ///
  /// - Complexity: O(number of tensors).
  public subscript(name: String) -> NamedTensor? {
    tensors.first { $0.name == name }
  }
}
