import CadreABI

/// A model's handle with `cadre.model/1`.
///
/// `@unchecked Sendable`: handle and table are constant, models are read-only; the scope says until when
/// they may be used.
struct ModelTable: @unchecked Sendable {
  private let host: HostTable
  private let models: UnsafePointer<cadre_models>
  private let model: OpaquePointer
  let port: String
  private let scope: BorrowScope

  init(
    _ host: HostTable, _ model: OpaquePointer, port: String, scope: BorrowScope
  ) throws(AgentFailure) {
    self.host = host
    models = try host.require(CADRE_MODEL_ID, cadre_models.self)
    self.model = model
    self.port = port
    self.scope = scope
  }

  func info() throws(AgentFailure) -> (task: String, format: String, metadata: JSONValue) {
    let info = try rawInfo()
    let bytes = info.metadata.bytes
    let metadata = bytes.isEmpty ? .object([]) : try JSONValue(parsing: bytes)
    return (info.task.text, info.format.text, metadata)
  }

  func names() throws(AgentFailure) -> [String] {
    try scope.check(port)
    let ask = try need(
      models.pointee.size, CADRE_END_cadre_models_tensor, "cadre_models.tensor",
      models.pointee.tensor)
    var names: [String] = []
    for index in 0..<(try rawInfo().tensor_count) {
      var name = cadre_str()
      try check(ask(host.pointer, model, index, &name, nil))
      names.append(name.text)
    }
    return names
  }

  func tensor(_ name: String) throws(AgentFailure) -> TensorValue {
    try scope.check(port)
    let find = try need(
      models.pointee.size, CADRE_END_cadre_models_find, "cadre_models.find", models.pointee.find)
    var found: UnsafePointer<DLTensor>?
    try check(withStr(name) { find(host.pointer, model, $0, &found) })
    guard let found else {
      throw AgentFailure(.internal, "the host gave no tensor '\(name)'", where: port)
    }
    return try TensorValue(reading: found, where: "\(port), tensor '\(name)'")
  }

  private func rawInfo() throws(AgentFailure) -> cadre_model_info {
    try scope.check(port)
    let ask = try need(
      models.pointee.size, CADRE_END_cadre_models_info, "cadre_models.info", models.pointee.info)
    var info = cadre_model_info()
    info.size = UInt32(CADRE_END_cadre_model_info_tensor_count)
    try check(ask(host.pointer, model, &info))
    return info
  }

  /// Builds a new model; the result goes to `output`, which takes it.
  static func build(_ draft: ModelDraft, _ host: HostTable) throws(AgentFailure) -> OpaquePointer {
    let models = try host.require(CADRE_MODEL_ID, cadre_models.self)
    let size = models.pointee.size
    let begin = try need(
      size, CADRE_END_cadre_models_begin, "cadre_models.begin", models.pointee.begin)
    let add = try need(size, CADRE_END_cadre_models_add, "cadre_models.add", models.pointee.add)
    let finish = try need(
      size, CADRE_END_cadre_models_finish, "cadre_models.finish", models.pointee.finish)
    let discard = try need(
      size, CADRE_END_cadre_models_discard, "cadre_models.discard", models.pointee.discard)

    let texts = Arena()
    var spec = cadre_model_spec()
    spec.size = UInt32(CADRE_END_cadre_model_spec_metadata)
    spec.task = texts.str(draft.task)
    spec.format = texts.str(draft.format)
    spec.metadata = texts.str(draft.metadata.text)
    var begun: OpaquePointer?
    try withExtendedLifetime(texts) { () throws(AgentFailure) in
      try check(begin(host.pointer, &spec, &begun))
    }
    guard let builder = begun else {
      throw AgentFailure(.internal, "the host began no model")
    }
    do throws(AgentFailure) {
      for (name, value) in draft.tensors {
        try check(
          value.withDLTensor { tensor in
            withStr(name) { add(host.pointer, builder, $0, tensor) }
          })
      }
    } catch {
      discard(host.pointer, builder)
      throw error
    }
    var made: OpaquePointer?
    try check(finish(host.pointer, builder, &made))
    guard let made else { throw AgentFailure(.internal, "the host finished no model") }
    return made
  }
}
