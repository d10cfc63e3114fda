import Glibc
import Synchronization

/// A block of memory that tensors share, freed when the last of them goes.
///
/// Own memory is 64-byte aligned (a cache line and the widest vector) and counted on an account;
/// foreign memory keeps its owner's alignment and is handed back by a closure.
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
  private let release: @Sendable () -> Void
  private let generation = Atomic<UInt64>(0)

  /// Allocates memory with undefined contents.
  ///
  /// - Parameters:
  ///   - byteCount: zero is allowed.
  ///   - account: where the bytes are counted.
  /// - Throws: `TensorError.Code.outOfMemory` when the account or the system refuses.
  public init(byteCount: Int, account: MemoryAccount = .shared) throws(TensorError) {
    // Rounded up to whole lines, so that the count is what the system really gives.
    let (padded, overflow) = byteCount.addingReportingOverflow(Storage.alignment - 1)
    guard byteCount >= 0, !overflow else {
      throw TensorError(
        .invalidShape, op: "allocate", rule: "a byte count of \(byteCount) is out of range")
    }
    let reserved = max(padded / Storage.alignment, 1) * Storage.alignment
    // Asking for more than an address space holds makes sanitizers abort, so it is refused here.
    guard reserved < 1 << 46 else {
      throw TensorError(
        .outOfMemory, op: "allocate", rule: "no system has \(reserved) bytes to give")
    }
    try account.reserve(reserved)
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, Storage.alignment, reserved)
    guard status == 0, let pointer else {
      account.giveBack(reserved)
      throw TensorError(
        .outOfMemory, op: "allocate", rule: "the system has no \(reserved) bytes to give")
    }
    self.byteCount = byteCount
    self.isReadOnly = false
    self.address = pointer
    self.release = { [address = UInt(bitPattern: pointer)] in
      free(UnsafeMutableRawPointer(bitPattern: address))
      account.giveBack(reserved)
    }
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
    self.release = release
  }

  deinit { release() }

  /// Grows by one with every in-place write; a tape compares it to notice values changed under it.
  public var version: UInt64 { generation.load(ordering: .acquiring) }

  func noteWrite() {
    generation.add(1, ordering: .acquiringAndReleasing)
  }
}
