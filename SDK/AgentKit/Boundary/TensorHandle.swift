import CadreABI

/// One reference to a tensor of the host, released with this object.
///
/// `@unchecked Sendable`: the handle is constant, and the host's `retain`, `release` and `info` are tagged
/// `[any]`.
final class TensorHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let core: OpCore

  /// Takes a reference that the host gave.
  init(taking pointer: OpaquePointer?, _ core: OpCore) throws(AgentFailure) {
    guard let pointer else { throw AgentFailure(.internal, "the host gave no tensor") }
    self.pointer = pointer
    self.core = core
  }

  deinit {
    if reaches(core.ops.pointee.size, CADRE_END_cadre_ops_release) {
      core.ops.pointee.release?(core.host.pointer, pointer)
    }
  }

  func info() throws(AgentFailure) -> (shape: [Int], type: ElementType) {
    let info = try rawInfo()
    guard let type = ElementType(rawValue: info.dtype) else {
      throw AgentFailure(.unimplemented, "the element type \(info.dtype) is not known here")
    }
    return ((0..<Int(info.rank)).map { Int(info.shape[$0]) }, type)
  }

  func value() throws(AgentFailure) -> TensorValue {
    let info = try rawInfo()
    let (_, type) = try self.info()
    var tensor = DLTensor(
      data: info.data, device: DLDevice(device_type: Int32(kDLCPU), device_id: 0),
      ndim: Int32(info.rank), dtype: type.dlpack,
      shape: UnsafeMutablePointer(mutating: info.shape), strides: nil, byte_offset: 0)
    return try withExtendedLifetime(self) { () throws(AgentFailure) in
      try TensorValue(reading: &tensor, where: "tensor")
    }
  }

  /// A DLPack view that holds a reference of its own.
  func export() throws(AgentFailure) -> UnsafeMutablePointer<DLManagedTensorVersioned>? {
    let export = try need(
      core.ops.pointee.size, CADRE_END_cadre_ops_export_dlpack, "cadre_ops.export_dlpack",
      core.ops.pointee.export_dlpack)
    var managed: UnsafeMutablePointer<DLManagedTensorVersioned>?
    try check(export(core.host.pointer, pointer, &managed))
    return managed
  }

  private func rawInfo() throws(AgentFailure) -> cadre_tensor_info {
    let ask = try need(
      core.ops.pointee.size, CADRE_END_cadre_ops_info, "cadre_ops.info", core.ops.pointee.info)
    var info = cadre_tensor_info()
    info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
    try check(ask(core.host.pointer, pointer, &info))
    return info
  }
}
