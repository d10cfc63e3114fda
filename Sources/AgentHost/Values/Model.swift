import Contracts
import TensorCore

/// A model: named tensors and what its maker says about them.
///
/// It never changes.
public final class Model: Sendable {
  /// The task that it serves, `text.classify/1`.
  public let task: String
  /// The format of its tensors, as its maker named it.
  public let format: String
  /// An object of the maker's own; `labels` holds the classes in the order of their indices.
  public let metadata: Setting
  /// The tensors, sorted by name (by bytes).
  public let tensors: [(name: String, tensor: Tensor)]

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - task: the task that it serves.
  ///   - format: the format of its tensors.
  ///   - metadata: an object.
  ///   - tensors: by name, in any order.
  /// - Throws: `AgentError` where the metadata is no object or a name stands twice.
  public init(
    task: String, format: String, metadata: Setting, tensors: [(name: String, tensor: Tensor)]
  ) throws {
    guard metadata.fields != nil else {
      throw AgentError(
        .invalidArgument, "the model's metadata must be a JSON object, not \(metadata.kindName)",
        where: "metadata")
    }
    // By bytes, as C and the model formats sort, not by Unicode's canonical order.
    let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.name == b.name {
      throw AgentError(
        .alreadyExists, "the tensor '\(a.name)' stands twice in the model", where: a.name)
    }
    self.task = task
    self.format = format
    self.metadata = metadata
    self.tensors = sorted
  }

  /// The classes in the order of their indices, from the metadata; empty when there are none.
  public var labels: [String] { metadata["labels"]?.listValue?.compactMap(\.stringValue) ?? [] }

  /// The tensor of that name, or nil.
  ///
  /// - Complexity: O(tensors).
  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }
}
