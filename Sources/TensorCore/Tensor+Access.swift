extension Tensor {
  /// The address of the first element; valid while the tensor lives.
  var start: UnsafeMutableRawPointer { storage.address + byteOffset }

  /// The elements of a contiguous `f32` tensor, for kernels.
  var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }

  /// The elements of a contiguous `u8` or `bool` tensor, for kernels.
  var bytes: UnsafeMutablePointer<UInt8> { start.assumingMemoryBound(to: UInt8.self) }

  /// The elements of a contiguous `i64` tensor, for kernels.
  var longs: UnsafeMutablePointer<Int64> { start.assumingMemoryBound(to: Int64.self) }

  /// Lends the bytes of the elements, dense and in row-major order.
  ///
  /// - Parameter body: must not keep the pointer.
  /// - Throws: `TensorError.Code.invalidMemory` for a strided view (see `contiguous(account:)`).
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    try requireContiguous()
    return try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(start), count: byteCount))
    }
  }

  /// Lends the bytes of the elements for writing in place.
  ///
  /// - Parameter body: must not keep the pointer, and must be the only one to use the tensor.
  /// - Throws: `TensorError.Code.invalidMemory` for a strided view or read-only memory.
  public func withUnsafeMutableBytes<R>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) throws -> R {
    try requireContiguous()
    try requireWritable(op: "write")
    storage.noteWrite()
    return try withExtendedLifetime(self) {
      try body(UnsafeMutableRawBufferPointer(start: start, count: byteCount))
    }
  }

  /// Lends the elements, dense and in row-major order.
  ///
  /// - Parameters:
  ///   - type: the element type; must be that of the tensor (`UInt8` also reads `bool`).
  ///   - body: must not keep the pointer.
  public func withElements<E: TensorElement, R>(
    of type: E.Type, _ body: (UnsafeBufferPointer<E>) throws -> R
  ) throws -> R {
    try requireElement(type)
    // Without elements the address may be anything, aligned or not.
    guard byteCount > 0 else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try withUnsafeBytes { bytes in
      try bytes.withMemoryRebound(to: E.self) { try body($0) }
    }
  }

  /// Lends the elements for writing in place.
  ///
  /// - Parameters:
  ///   - type: the element type; must be that of the tensor (`UInt8` also writes `bool`).
  ///   - body: must not keep the pointer, and must be the only one to use the tensor.
  public func withMutableElements<E: TensorElement, R>(
    of type: E.Type, _ body: (UnsafeMutableBufferPointer<E>) throws -> R
  ) throws -> R {
    try requireElement(type)
    guard byteCount > 0 else { return try body(UnsafeMutableBufferPointer(start: nil, count: 0)) }
    return try withUnsafeMutableBytes { bytes in
      try bytes.withMemoryRebound(to: E.self) { try body($0) }
    }
  }

  /// A copy of the elements in row-major order; strided views too.
  ///
  /// - Parameter type: the element type; must be that of the tensor (`UInt8` also reads `bool`).
  public func elements<E: TensorElement>(as type: E.Type = Float.self) throws -> [E] {
    try contiguous(account: .shared).withElements(of: type) { Array($0) }
  }

  /// The only element of a tensor that has one.
  ///
  /// - Parameter type: the element type; must be that of the tensor.
  /// - Throws: `TensorError.Code.shapeMismatch` when there is not exactly one element.
  public func item<E: TensorElement>(as type: E.Type = Float.self) throws -> E {
    guard shape.elementCount == 1 else {
      throw TensorError(
        .shapeMismatch, op: "item", shapes: [shape],
        rule: "has \(shape.elementCount) elements where one is needed")
    }
    return try withElements(of: type) { $0[0] }
  }

  private func requireElement<E: TensorElement>(_ type: E.Type) throws(TensorError) {
    guard dtype == E.dtype || (dtype == .bool && E.dtype == .u8) else {
      throw TensorError(
        .dtypeMismatch, op: "elements", shapes: [shape],
        rule: "the tensor holds \(dtype), asked for as \(E.dtype)")
    }
  }

  private func requireContiguous() throws(TensorError) {
    guard isContiguous else {
      throw TensorError(
        .invalidMemory, op: "bytes", shapes: [shape],
        rule: "strides \(strides) are not dense; call contiguous() first")
    }
  }

  func requireWritable(op: String) throws(TensorError) {
    guard !storage.isReadOnly else {
      throw TensorError(
        .invalidMemory, op: op, shapes: [shape], rule: "the memory is read-only; copy it first")
    }
  }

  /// Whether the byte ranges of two tensors overlap.
  func overlaps(_ other: Tensor) -> Bool {
    guard byteCount > 0, other.byteCount > 0 else { return false }
    // Strided views are taken as reaching to the end of their storage: safe, if a little strict.
    let end = isContiguous ? start + byteCount : storage.address + storage.byteCount
    let otherEnd =
      other.isContiguous
      ? other.start + other.byteCount : other.storage.address + other.storage.byteCount
    return start < otherEnd && other.start < end
  }
}
