import CadreABI

extension TensorValue {
  /// Copies a tensor out of borrowed memory, row-major whatever its strides.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for another device, a type that is not read as
  ///   values, or a shape that cannot be.
  init(reading tensor: UnsafePointer<DLTensor>, where place: String) throws(AgentFailure) {
    func refuse(_ what: String) -> AgentFailure {
      AgentFailure(.invalidArgument, "the tensor \(what)", where: place)
    }
    let rank = Int(tensor.pointee.ndim)
    guard rank >= 0, rank <= 64, rank == 0 || tensor.pointee.shape != nil else {
      throw refuse("has \(rank) axes")
    }
    guard tensor.pointee.device.device_type == Int32(kDLCPU) else {
      throw refuse("lies on device type \(tensor.pointee.device.device_type), not in main memory")
    }
    let shape = (0..<rank).map { Int(tensor.pointee.shape[$0]) }
    let count = try Self.elementCount(of: shape)
    guard count == 0 || tensor.pointee.data != nil else { throw refuse("has no memory") }
    let dtype = tensor.pointee.dtype
    guard dtype.lanes == 1 else { throw refuse("has vector elements") }
    let reader = StridedReader(tensor, shape: shape, count: count)
    let elements: Elements
    switch (Int(dtype.code), dtype.bits) {
    case (kDLFloat, 32): elements = .f32(reader.read(Float.self))
    case (kDLFloat, 64): elements = .f64(reader.read(Double.self))
    case (kDLInt, 64): elements = .i64(reader.read(Int64.self))
    case (kDLInt, 32): elements = .i32(reader.read(Int32.self))
    case (kDLInt, 8): elements = .i8(reader.read(Int8.self))
    case (kDLUInt, 8), (kDLBool, 8): elements = .u8(reader.read(UInt8.self))
    default:
      throw refuse("has elements of DLPack type \(dtype.code) with \(dtype.bits) bits")
    }
    try self.init(shape: shape, elements: elements)
  }
}

/// Gathers elements by shape and strides.
private struct StridedReader {
  private let start: UnsafeRawPointer?
  private let shape: [Int]
  /// In elements; nil: row-major without gaps.
  private let strides: [Int]?
  private let count: Int

  init(_ tensor: UnsafePointer<DLTensor>, shape: [Int], count: Int) {
    start = tensor.pointee.data.map { UnsafeRawPointer($0) + Int(tensor.pointee.byte_offset) }
    self.shape = shape
    self.count = count
    var rowMajor = 1
    var gapless = true
    if let given = tensor.pointee.strides {
      for axis in shape.indices.reversed() {
        if shape[axis] != 1, Int(given[axis]) != rowMajor { gapless = false }
        rowMajor *= shape[axis]
      }
      strides = gapless ? nil : shape.indices.map { Int(given[$0]) }
    } else {
      strides = nil
    }
  }

  func read<Element: TensorElement>(_ type: Element.Type) -> [Element] {
    guard let start, count > 0 else { return [] }
    let width = MemoryLayout<Element>.stride
    guard let strides else {
      return [Element](unsafeUninitializedCapacity: count) { buffer, written in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(start: start, count: count * width))
        written = count
      }
    }
    var index = [Int](repeating: 0, count: shape.count)
    return (0..<count).map { _ in
      let offset = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
      return start.loadUnaligned(fromByteOffset: offset * width, as: Element.self)
    }
  }
}

extension TensorValue {
  /// The elements' memory, row-major, borrowed during the call.
  func withElements<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch elements {
    case .f32(let values): values.withUnsafeBytes(body)
    case .f64(let values): values.withUnsafeBytes(body)
    case .i64(let values): values.withUnsafeBytes(body)
    case .i32(let values): values.withUnsafeBytes(body)
    case .i8(let values): values.withUnsafeBytes(body)
    case .u8(let values): values.withUnsafeBytes(body)
    }
  }

  /// The same as a `DLTensor` for a callee that only reads it, borrowed during the call.
  func withDLTensor<Result>(_ body: (UnsafePointer<DLTensor>) -> Result) -> Result {
    var shape = shape.map(Int64.init)
    return shape.withUnsafeMutableBufferPointer { axes in
      withElements { bytes in
        var tensor = DLTensor(
          data: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
          device: DLDevice(device_type: Int32(kDLCPU), device_id: 0), ndim: Int32(axes.count),
          dtype: type.dlpack, shape: axes.baseAddress, strides: nil, byte_offset: 0)
        return body(&tensor)
      }
    }
  }
}

extension ElementType {
  /// The type in DLPack's words; of text, one that holds nothing.
  var dlpack: DLDataType {
    let (code, bits): (Int, UInt8) =
      switch self {
      case .bool: (kDLBool, 8)
      case .u8: (kDLUInt, 8)
      case .i8: (kDLInt, 8)
      case .i32: (kDLInt, 32)
      case .i64: (kDLInt, 64)
      case .f32: (kDLFloat, 32)
      case .f64: (kDLFloat, 64)
      case .bf16: (kDLBfloat, 16)
      case .f16: (kDLFloat, 16)
      case .utf8: (kDLUInt, 0)
      }
    return DLDataType(code: UInt8(code), bits: bits, lanes: 1)
  }
}
