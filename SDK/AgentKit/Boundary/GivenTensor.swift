import CadreABI

/// A tensor value as a DLPack tensor that the host owns: its deleter frees it.
final class GivenTensor {
  private let arena = Arena()
  private let data: UnsafeMutableRawPointer
  private let managed: UnsafeMutablePointer<DLManagedTensorVersioned>

  private init(_ value: TensorValue) {
    let shape = UnsafeMutablePointer(mutating: arena.array(value.shape.map(Int64.init)))
    // 64 bytes: what the host's kernels and DLPack's own advice ask for.
    data = value.withElements { bytes in
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 64)
      if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) }
      return memory
    }
    managed = arena.one(DLManagedTensorVersioned())
    managed.pointee.version = DLPackVersion(
      major: UInt32(DLPACK_MAJOR_VERSION), minor: UInt32(DLPACK_MINOR_VERSION))
    managed.pointee.dl_tensor = DLTensor(
      data: data, device: DLDevice(device_type: Int32(kDLCPU), device_id: 0),
      ndim: Int32(value.shape.count), dtype: value.type.dlpack, shape: shape, strides: nil,
      byte_offset: 0)
    managed.pointee.deleter = { managed in
      guard let owner = managed?.pointee.manager_ctx else { return }
      Unmanaged<GivenTensor>.fromOpaque(owner).release()
    }
  }

  deinit { data.deallocate() }

  /// Hands a copy of a value over.
  static func give(_ value: TensorValue) -> UnsafeMutablePointer<DLManagedTensorVersioned> {
    let given = GivenTensor(value)
    given.managed.pointee.manager_ctx = Unmanaged.passRetained(given).toOpaque()
    return given.managed
  }
}
