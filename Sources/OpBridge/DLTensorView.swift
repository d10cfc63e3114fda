import CadreABI
import TensorCore

/// A tensor with the C struct that describes it, which lives as long as this object.
///
/// `@unchecked Sendable`: the struct never changes after `init`. Whoever writes through `data`
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

  /// Describes a tensor.
  ///
  /// Whoever holds the address may write there, so the tensor's memory counts as shared from then on.
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
    if !dense.storage.isReadOnly { dense.storage.noteShared() }
    self.tensor = dense
    self.data = dense.byteCount == 0 ? nil : UnsafeMutableRawPointer(mutating: address)
    // One block: the struct, the lengths, the strides.
    let rank = dense.shape.rank
    let head = MemoryLayout<DLTensor>.stride
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: head + max(2 * rank, 1) * MemoryLayout<Int64>.stride,
      alignment: MemoryLayout<DLTensor>.alignment)
    let lengths = (block + head).bindMemory(to: Int64.self, capacity: max(2 * rank, 1))
    lengths.initialize(repeating: 0, count: max(2 * rank, 1))
    let steps = dense.shape.contiguousStrides
    for axis in 0..<rank {
      lengths[axis] = Int64(dense.shape[axis])
      lengths[rank + axis] = Int64(steps[axis])
    }
    let description = block.bindMemory(to: DLTensor.self, capacity: 1)
    description.initialize(
      to: DLTensor(
        data: data, device: DLDevice(device_type: Int32(kDLCPU), device_id: 0),
        ndim: Int32(rank), dtype: dense.dtype.dlpack, shape: lengths, strides: lengths + rank,
        byte_offset: 0))
    pointer = UnsafePointer(description)
    shape = UnsafePointer(lengths)
  }

  deinit { UnsafeMutableRawPointer(mutating: UnsafeRawPointer(pointer)).deallocate() }
}
