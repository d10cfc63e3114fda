import CadreABI
import TensorCore

extension TensorSpec {
  /// Element type and shape as the ABI states them.
  ///
  /// - Throws: `BridgeError` for an unknown type, a NULL shape or an absurd rank, `TensorError` for
  ///   a shape that cannot exist.
  public init(
    abi dtype: UInt32, shape: UnsafePointer<Int64>?, rank: UInt64, place: String
  ) throws {
    guard let known = DType(abi: dtype) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "the element type \(dtype) is none that tensors have")
    }
    guard rank <= UInt64(Shape.maximumRank) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "\(rank) axes; at most \(Shape.maximumRank) are taken")
    }
    guard rank == 0 || shape != nil else {
      throw BridgeError(CADRE_INVALID_ARGUMENT, place, "the shape is NULL")
    }
    let lengths = (0..<Int(rank)).map { axis in shape.map { Int($0[axis]) } ?? 0 }
    let shape = try Shape(lengths, op: place)
    guard !shape.elementCount.multipliedReportingOverflow(by: known.byteSize).overflow else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "the byte count of \(known)\(shape) overflows 64 bits")
    }
    self.init(known, shape)
  }

  /// What a caller knows of a tensor that there may not be.
  init(_ shape: UnsafePointer<cadre_tensor_shape>?, place: String) throws {
    guard let shape, shape.pointee.size >= UInt32(CADRE_END_cadre_tensor_shape_lengths) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place,
        "is NULL, or its size is below CADRE_END_cadre_tensor_shape_lengths")
    }
    let lengths = UnsafeRawPointer(shape).advanced(
      by: CADRE_END_cadre_tensor_shape_lengths - 8 * MemoryLayout<Int64>.size)
    try self.init(
      abi: shape.pointee.dtype, shape: lengths.assumingMemoryBound(to: Int64.self),
      rank: shape.pointee.rank, place: place)
  }

  /// The same for C; what lies behind the rank is 0.
  var boundary: cadre_tensor_shape {
    var result = cadre_tensor_shape()
    result.size = UInt32(CADRE_END_cadre_tensor_shape_lengths)
    result.dtype = dtype.abi
    result.rank = UInt64(shape.rank)
    withUnsafeMutableBytes(of: &result.lengths) { bytes in
      for axis in 0..<shape.rank {
        bytes.storeBytes(
          of: Int64(shape[axis]), toByteOffset: axis * MemoryLayout<Int64>.size, as: Int64.self)
      }
    }
    return result
  }
}
