import CadreABI
import Glibc
import TensorCore

/// Lends and gives tensors in DLPack's layout.
public enum DLPackExport {
  /// Gives a view of a tensor that holds a reference to it.
  ///
  /// - Parameter tensor: strided ones are copied first, so that what is given is always dense.
  /// - Returns: owned by the receiver, who calls its deleter once, from any thread.
  /// - Throws: `TensorError` when a copy finds no memory.
  public static func give(_ tensor: Tensor) throws -> UnsafeMutablePointer<DLManagedTensorVersioned>
  {
    let view = try DLTensorView(tensor)
    let managed = UnsafeMutablePointer<DLManagedTensorVersioned>.allocate(capacity: 1)
    managed.initialize(
      to: DLManagedTensorVersioned(
        version: DLPackVersion(
          major: UInt32(DLPACK_MAJOR_VERSION), minor: UInt32(DLPACK_MINOR_VERSION)),
        manager_ctx: Unmanaged.passRetained(view).toOpaque(),
        deleter: { managed in
          guard let managed else { return }
          if let context = managed.pointee.manager_ctx {
            Unmanaged<DLTensorView>.fromOpaque(context).release()
          }
          managed.deallocate()
        },
        flags: tensor.storage.isReadOnly ? 1 : 0, dl_tensor: view.pointer.pointee))
    return managed
  }
}
