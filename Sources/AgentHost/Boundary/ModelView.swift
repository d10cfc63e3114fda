import CadreABI
import Contracts
import OpBridge
import Synchronization
import TensorCore

/// A model as an agent sees it, with the C structs that describe it.
///
/// `@unchecked Sendable`: the structs never change after `init`.
final class ModelView: @unchecked Sendable {
  /// What the ABI promises for a model's tensors.
  private static let alignment = 64

  let model: Model
  private let views: [DLTensorView]
  private let names: [cadre_str]
  private let texts: (task: cadre_str, format: cadre_str, metadata: cadre_str)
  private let arena = TextArena()

  /// Whether the host lent it; else the agent built it, and giving it away ends its handle.
  let isLent: Bool

  init(_ model: Model, isLent: Bool) throws {
    self.model = model
    self.isLent = isLent
    views = try model.tensors.map { try DLTensorView($0.tensor, alignment: Self.alignment) }
    names = model.tensors.map { [arena] in arena.copy($0.name) }
    texts = (arena.copy(model.task), arena.copy(model.format), arena.copy(model.metadata.json))
  }

  /// What the ABI tells of it.
  var info: cadre_model_info {
    cadre_model_info(
      size: 0, reserved: 0, task: texts.task, format: texts.format, metadata: texts.metadata,
      tensor_count: UInt64(views.count))
  }

  /// The tensor at a place, by name order.
  func tensor(at index: UInt64) throws -> (name: cadre_str, tensor: UnsafePointer<DLTensor>) {
    guard index < UInt64(views.count) else {
      throw AgentError(
        .outOfRange, "tensor \(index) of \(views.count); they count from 0",
        where: "cadre_models.tensor")
    }
    return (names[Int(index)], views[Int(index)].pointer)
  }

  /// The tensor of a name.
  func tensor(named name: String) throws -> UnsafePointer<DLTensor> {
    guard let index = model.tensors.firstIndex(where: { $0.name == name }) else {
      let known = model.tensors.map(\.name)
      let near = NearMiss.nearest(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
      throw AgentError(
        .notFound,
        "the model has no tensor '\(name)'; \(near)there are "
          + (known.isEmpty ? "none" : known.joined(separator: ", ")), where: name)
    }
    return views[index].pointer
  }
}

/// A model that an agent is building.
final class ModelBuilder: Sendable {
  private let task: String
  private let format: String
  private let metadata: Setting
  private let tensors = Mutex<[String: Tensor]>([:])

  /// More tensors than any model of this host has.
  private static let tensorLimit = 1 << 20
  private static let metadataLimit = 64 << 20

  init(_ spec: UnsafePointer<cadre_model_spec>?) throws {
    let place = "cadre_model_spec"
    guard let spec, Int(spec.pointee.size) >= CADRE_END_cadre_model_spec_metadata else {
      throw AgentError(
        .invalidArgument, "the spec is NULL, or its size does not hold the metadata", where: place)
    }
    task = try BoundaryText.read(spec.pointee.task, limit: 256, place: "\(place).task")
    format = try BoundaryText.read(spec.pointee.format, limit: 256, place: "\(place).format")
    guard OfferReader.isTaskName(task) else {
      throw AgentError(
        .invalidArgument, "'\(task)' is no task name; write it like text.classify/1",
        where: "\(place).task")
    }
    let text = try BoundaryText.read(
      spec.pointee.metadata, limit: Self.metadataLimit, place: "\(place).metadata")
    do {
      metadata = text.isEmpty ? .object([]) : try Setting(json: text)
    } catch let error as SettingError {
      throw AgentError(
        .invalidArgument, "the metadata is no JSON: \(error)", where: "\(place).metadata")
    }
    guard metadata.fields != nil else {
      throw AgentError(
        .invalidArgument, "the metadata must be a JSON object, not \(metadata.kindName)",
        where: "\(place).metadata")
    }
  }

  /// Takes a copy of a tensor.
  func add(_ name: String, _ tensor: UnsafePointer<DLTensor>, account: MemoryAccount) throws {
    guard !name.isEmpty else {
      throw AgentError(.invalidArgument, "the tensor's name is empty", where: "cadre_models.add")
    }
    let copy = try DLPackImport.copy(tensor, account: account)
    try tensors.withLock { tensors in
      guard tensors.count < Self.tensorLimit else {
        throw AgentError(
          .outOfRange, "more than \(Self.tensorLimit) tensors", where: "cadre_models.add")
      }
      guard tensors[name] == nil else {
        throw AgentError(.alreadyExists, "the tensor '\(name)' was added before", where: name)
      }
      tensors[name] = copy
    }
  }

  /// The model.
  func finish() throws -> Model {
    try Model(
      task: task, format: format, metadata: metadata,
      tensors: tensors.withLock { $0.map { (name: $0.key, tensor: $0.value) } })
  }
}
