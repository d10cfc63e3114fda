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

/// A tensor with the C structs that describe it, which live as long as this object.
///
/// `@unchecked Sendable`: the structs never change after `init`. Whoever writes through `data`
/// follows the rule of `Storage`: only one at a time.
public final class DLTensorView: @unchecked Sendable {
  /// The tensor, dense.
  public let tensor: Tensor
  /// The description; lives as long as this object.
  public let pointer: UnsafePointer<DLTensor>
  /// The lengths; live as long as this object.
  public let shape: UnsafePointer<Int64>
  /// The first element; nil for a tensor without elements.
  public let data: UnsafeMutableRawPointer?

  private let description: UnsafeMutablePointer<DLTensor>
  private let lengths: UnsafeMutablePointer<Int64>

  /// Describes a tensor.
  ///
  /// - Parameters:
  ///   - tensor: copied where it is strided.
  ///   - alignment: in bytes; a tensor that starts elsewhere is copied. 1 asks for none.
  public init(_ tensor: Tensor, alignment: Int = 1) throws {
    var dense = try tensor.contiguous()
    // The address of a storage never changes, so it may outlive the closure while the tensor lives.
    var address = try dense.withUnsafeBytes { $0.baseAddress }
    if dense.byteCount > 0, UInt(bitPattern: address) % UInt(max(alignment, 1)) != 0 {
      dense = try dense.withUnsafeBytes { try Tensor.copying($0, as: tensor.spec) }
      address = try dense.withUnsafeBytes { $0.baseAddress }
    }
    let rank = dense.shape.rank
    // Lengths first, then strides: one block.
    lengths = .allocate(capacity: max(2 * rank, 1))
    lengths.initialize(repeating: 0, count: max(2 * rank, 1))
    let steps = dense.shape.contiguousStrides
    for axis in 0..<rank {
      lengths[axis] = Int64(dense.shape[axis])
      lengths[rank + axis] = Int64(steps[axis])
    }
    self.tensor = dense
    self.data = dense.byteCount == 0 ? nil : UnsafeMutableRawPointer(mutating: address)
    description = .allocate(capacity: 1)
    description.initialize(
      to: DLTensor(
        data: data, device: DLDevice(device_type: Int32(kDLCPU), device_id: 0),
        ndim: Int32(rank), dtype: dense.dtype.dlpack, shape: lengths, strides: lengths + rank,
        byte_offset: 0))
    pointer = UnsafePointer(description)
    shape = UnsafePointer(lengths)
  }

  deinit {
    description.deallocate()
    lengths.deallocate()
  }
}
