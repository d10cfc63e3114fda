import TensorKernels

/// The second operand of a product, laid out once as the inner loop reads it.
///
/// Weights are multiplied again and again, and packing them costs a pass over memory each time. So
/// the second product with the same unchanged weights packs them and keeps the result beside them;
/// it goes with them, or with the first product after they were changed. Training changes weights in
/// every step and so never pays for this.
struct PackedMatrix: Sendable {
  /// What is packed: which part of the storage, how it is read, and for which kernels.
  struct Key: Hashable, Sendable {
    let byteOffset: Int
    let dtype: DType
    let n, k: Int
    let rowStep, columnStep: Int
    let instructionSet: InstructionSet
  }

  /// What a storage remembers of the last product with its contents.
  ///
  /// An object, so that the many storages that never are an operand carry one word for it.
  final class Note: Sendable {
    let key: Key
    let version: UInt64
    /// Nil after the first use: it has not paid yet.
    let packed: Storage?

    init(_ key: Key, version: UInt64, packed: Storage?) {
      self.key = key
      self.version = version
      self.packed = packed
    }
  }

  /// For the notes of all storages; held for a few instructions.
  private static let lock = Lock()

  /// Where it does not pay: the whole operand is in the first cache anyway.
  private static let smallestCount = 64 * 64

  /// The packed form of an operand, where there is one or it is time to make one.
  ///
  /// - Returns: nil where the product shall pack on its own.
  static func find(
    _ key: Key, in tensor: Tensor, kernels: tk_gemm_kernels, context: ComputeContext
  ) -> Storage? {
    let storage = tensor.storage
    guard key.n * key.k >= smallestCount, !storage.isShared,
      let size = kernels.packed_bytes, let pack = kernels.pack_b
    else { return nil }
    let version = storage.version
    let note = lock.withLock {
      let note = storage.packed
      if note?.key != key || note?.version != version {
        storage.packed = Note(key, version: version, packed: nil)
      }
      return note
    }
    guard let note, note.key == key, note.version == version else { return nil }
    if let packed = note.packed { return packed }
    let byteCount = size(key.n, key.k)
    // Without memory for it the product goes on as before.
    guard byteCount > 0, let packed = try? Storage(byteCount: byteCount, account: context.memory)
    else { return nil }
    // Outside of the lock: two jobs that come at once both pack, and the later one's copy stays.
    pack(
      key.n, key.k, tensor.start, key.rowStep, key.columnStep, packed.address,
      context.pool.pointer, UInt32(context.threads))
    lock.withLock { storage.packed = Note(key, version: version, packed: packed) }
    return packed
  }
}
