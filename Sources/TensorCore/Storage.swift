import Synchronization
import TensorKernels

/// A block of memory that tensors share, freed when the last of them goes.
///
/// Own memory is 64-byte aligned (a cache line and the widest vector), comes from a cache of blocks,
/// and is counted on an account; foreign memory keeps its owner's alignment and is handed back by a
/// closure.
///
/// `@unchecked Sendable`: address and size never change. The *contents* follow the rule of every
/// array library: whoever writes in place must be the only one to use the tensor meanwhile.
public final class Storage: @unchecked Sendable {
  /// The alignment of own memory, in bytes.
  public static let alignment = 64

  /// The number of bytes.
  public let byteCount: Int
  /// Whether in-place operations must refuse this memory (a mapped file, a borrowed input).
  public let isReadOnly: Bool

  let address: UnsafeMutableRawPointer
  /// Nil for foreign memory.
  private let account: MemoryAccount?
  private let release: (@Sendable () -> Void)?
  private let generation = Atomic<UInt64>(0)
  /// Whether others than operations can write here, unseen.
  private let shared: Atomic<Bool>
  /// A second form of the contents; only `PackedMatrix` touches it, under its lock.
  var packed: PackedMatrix.Note?

  /// Allocates memory with undefined contents.
  ///
  /// - Parameters:
  ///   - byteCount: zero is allowed.
  ///   - account: where the bytes are counted, rounded up to what the block takes.
  /// - Throws: `TensorError.Code.outOfMemory` when the account or the system refuses.
  public init(byteCount: Int, account: MemoryAccount = .shared) throws(TensorError) {
    // Asking for more than an address space holds makes sanitizers abort, so it is refused here.
    guard byteCount >= 0, byteCount < 1 << 46 else { throw Storage.outOfRange(byteCount) }
    let reserved = tk_cache_block_bytes(byteCount)
    try account.reserve(reserved)
    guard let block = tk_cache_take(byteCount) else {
      account.giveBack(reserved)
      throw TensorError(
        .outOfMemory, op: "allocate", rule: "the system has no \(reserved) bytes to give")
    }
    self.byteCount = byteCount
    self.isReadOnly = false
    self.address = block
    self.account = account
    self.release = nil
    self.shared = Atomic(false)
  }

  /// Wraps memory that somebody else owns, without copying it.
  ///
  /// - Parameters:
  ///   - address: the first byte; stays valid until `release` is called.
  ///   - byteCount: the bytes that may be read.
  ///   - isReadOnly: whether in-place operations must refuse it.
  ///   - release: called once, from any thread, when the last tensor on it goes.
  public init(
    wrapping address: UnsafeMutableRawPointer, byteCount: Int, isReadOnly: Bool,
    release: @escaping @Sendable () -> Void
  ) {
    self.byteCount = max(byteCount, 0)
    self.isReadOnly = isReadOnly
    self.address = address
    self.account = nil
    self.release = release
    self.shared = Atomic(true)
  }

  deinit {
    if let account {
      tk_cache_give(address, byteCount)
      account.giveBack(tk_cache_block_bytes(byteCount))
    } else {
      release?()
    }
  }

  /// Grows by one with every in-place write; a tape compares it to notice values changed under it.
  public var version: UInt64 { generation.load(ordering: .acquiring) }

  /// Whether somebody beside the operations may write here, so that nothing made of the contents
  /// may be kept: foreign memory, and memory that was lent out.
  public var isShared: Bool { shared.load(ordering: .relaxed) }

  /// Notes that somebody beside the operations may write here from now on.
  public func noteShared() { shared.store(true, ordering: .relaxed) }

  func noteWrite() {
    generation.add(1, ordering: .acquiringAndReleasing)
  }

  private static func outOfRange(_ byteCount: Int) -> TensorError {
    byteCount < 0
      ? TensorError(
        .invalidShape, op: "allocate", rule: "a byte count of \(byteCount) is out of range")
      : TensorError(
        .outOfMemory, op: "allocate", rule: "no system has \(byteCount) bytes to give")
  }
}
