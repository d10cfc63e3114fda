import CadreABI
import TensorCore

/// Reads tensors that come over the boundary in DLPack's layout.
public enum DLPackImport {
  /// Takes a tensor over.
  ///
  /// The memory is wrapped where it is dense, and copied where it is strided. The deleter is called
  /// exactly once: when the last tensor on the memory goes, after a copy, or on an error.
  ///
  /// - Parameters:
  ///   - managed: given; belongs to this function from now on, also when it throws.
  ///   - account: where a copy is counted.
  /// - Throws: `BridgeError` for a layout that cannot be read, `TensorError` for shapes and memory:
  ///   elements that are not aligned, or that overlap, and steps below 0 are refused, since whoever
  ///   writes to such memory later would not find what was taken over.
  public static func take(
    _ managed: UnsafeMutablePointer<DLManagedTensorVersioned>, account: MemoryAccount = .shared
  ) throws -> Tensor {
    let owner = ManagedOwner(managed)
    guard managed.pointee.version.major == 1 else {
      // Only the fields up to `deleter` keep their places over major versions.
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, "DLPack",
        "version \(managed.pointee.version.major) is not 1; export with DLPack 1.x")
    }
    let isReadOnly = managed.pointee.flags & 1 != 0
    return try withUnsafePointer(to: &managed.pointee.dl_tensor) { tensor in
      let layout = try Layout(tensor)
      guard let address = layout.address, layout.spec.shape.elementCount > 0 else {
        return try Tensor.zeros(layout.spec, account: account)
      }
      try layout.requireApart(address)
      guard layout.isDense else { return try layout.copy(account: account) }
      let storage = Storage(
        wrapping: address, byteCount: layout.byteCount, isReadOnly: isReadOnly,
        release: { owner.keepAlive() })
      return try Tensor(
        storage: storage, dtype: layout.spec.dtype, shape: layout.spec.shape)
    }
  }

  /// Copies a tensor that is only lent.
  ///
  /// - Parameters:
  ///   - tensor: borrowed during the call; strided ones too.
  ///   - account: where the copy is counted.
  public static func copy(
    _ tensor: UnsafePointer<DLTensor>, account: MemoryAccount = .shared
  ) throws -> Tensor {
    let layout = try Layout(tensor)
    guard layout.address != nil, layout.spec.shape.elementCount > 0 else {
      return try Tensor.zeros(layout.spec, account: account)
    }
    return try layout.copy(account: account)
  }
}

/// Calls the deleter when it goes.
///
/// `@unchecked Sendable`: the pointer is only used in `deinit`.
private final class ManagedOwner: @unchecked Sendable {
  private let managed: UnsafeMutablePointer<DLManagedTensorVersioned>

  init(_ managed: UnsafeMutablePointer<DLManagedTensorVersioned>) { self.managed = managed }

  /// Being captured by a closure is what keeps it alive.
  func keepAlive() {}

  deinit {
    if let deleter = managed.pointee.deleter { deleter(managed) }
  }
}

/// A DLTensor whose fields were checked.
private struct Layout {
  let spec: TensorSpec
  let address: UnsafeMutableRawPointer?
  let strides: [Int]
  let isDense: Bool
  let byteCount: Int

  init(_ tensor: UnsafePointer<DLTensor>) throws {
    func fail(_ message: String) -> BridgeError {
      BridgeError(CADRE_INVALID_ARGUMENT, "DLPack", message)
    }
    guard Int(tensor.pointee.device.device_type) == kDLCPU else {
      throw fail(
        "device type \(tensor.pointee.device.device_type) is not the CPU; copy the tensor there")
    }
    let rank = Int(tensor.pointee.ndim)
    guard (0...Shape.maximumRank).contains(rank) else {
      throw fail("\(rank) axes; at most \(Shape.maximumRank) are taken")
    }
    guard let dtype = DType(tensor.pointee.dtype) else {
      let type = tensor.pointee.dtype
      throw fail("element type (code \(type.code), \(type.bits) bits × \(type.lanes)) is unknown")
    }
    guard rank == 0 || tensor.pointee.shape != nil else { throw fail("shape is NULL") }
    let lengths = (0..<rank).map { Int(tensor.pointee.shape[$0]) }
    let shape = try Shape(lengths, op: "DLPack")
    let dense = shape.contiguousStrides.elements
    let steps = tensor.pointee.strides.map { strides in (0..<rank).map { Int(strides[$0]) } }
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteSize)
    guard !overflow else { throw fail("the byte count of \(shape) overflows 64 bits") }
    if shape.elementCount > 0 {
      guard tensor.pointee.data != nil else { throw fail("data is NULL for \(shape)") }
    }
    self.spec = TensorSpec(dtype, shape)
    // The offset is unsigned in DLPack; an absurd one cannot be told from a right one.
    self.address = tensor.pointee.data.map {
      $0 + Int(truncatingIfNeeded: tensor.pointee.byte_offset)
    }
    self.strides = steps ?? dense
    // The step of an axis of length one is never used, so any value will do.
    self.isDense =
      shape.elementCount <= 1
      || zip(self.strides, dense).enumerated().allSatisfy { axis, steps in
        shape[axis] == 1 || steps.0 == steps.1
      }
    self.byteCount = bytes
  }

  /// Throws unless every element is aligned and has memory of its own.
  func requireApart(_ address: UnsafeMutableRawPointer) throws(TensorError) {
    func fail(_ rule: String) -> TensorError {
      TensorError(.invalidMemory, op: "import_dlpack", shapes: [spec.shape], rule: rule)
    }
    let width = spec.dtype.byteSize
    guard UInt(bitPattern: address) % UInt(width) == 0 else {
      throw fail(
        "\(spec.dtype) elements must start at a multiple of \(width) bytes; copy them first")
    }
    let axes = (0..<spec.shape.rank).filter { spec.shape[$0] > 1 }
    guard axes.allSatisfy({ strides[$0] >= 0 }) else {
      throw fail("steps must not be negative, got \(strides); make the array contiguous first")
    }
    // From the shortest step on, each one must clear all that the shorter ones reach.
    var reach = 0
    for axis in axes.sorted(by: { strides[$0] < strides[$1] }) {
      let (length, overflow) = strides[axis].multipliedReportingOverflow(by: spec.shape[axis] - 1)
      let (sum, overflowToo) = reach.addingReportingOverflow(length)
      guard strides[axis] > reach, !overflow, !overflowToo else {
        throw fail("elements overlap with steps \(strides); make the array contiguous first")
      }
      reach = sum
    }
  }

  /// A dense copy.
  ///
  /// Of memory that is only lent: strides may be zero (broadcast) or negative (reversed).
  func copy(account: MemoryAccount) throws -> Tensor {
    let result = try Tensor.zeros(spec, account: account)
    guard let address else { return result }
    try result.withUnsafeMutableBytes { bytes in
      guard let target = bytes.baseAddress else { return }
      if isDense {
        target.copyMemory(from: address, byteCount: byteCount)
        return
      }
      let width = spec.dtype.byteSize
      let shape = spec.shape
      var position = [Int](repeating: 0, count: shape.rank)
      var step = 0
      for element in 0..<shape.elementCount {
        (target + element * width).copyMemory(from: address + step &* width, byteCount: width)
        // Counts up like an odometer; each carry takes back what its axis had stepped.
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
          position[axis] += 1
          step &+= strides[axis]
          if position[axis] < shape[axis] { break }
          step &-= strides[axis] &* shape[axis]
          position[axis] = 0
        }
      }
    }
    return result
  }
}
