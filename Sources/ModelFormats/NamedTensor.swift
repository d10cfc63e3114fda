import FoundationEssentials

/// A tensor as a model file holds it: a name, a type, a shape and raw bytes.
public struct NamedTensor: Hashable, Sendable {
  /// Unique in its file; any text but `__metadata__`.
  public var name: String
  /// The type of its elements.
  public var type: ScalarType
  /// Sizes of the axes, outermost first; empty for a scalar.
  ///
  /// A zero makes the tensor empty.
  public var shape: [Int]
  /// Elements in row-major order, little-endian.
  ///
  /// A slice of the file's bytes when read from a file.
  public var bytes: Data

  /// Makes a tensor.
  ///
  /// The size is checked when it is written.
  public init(name: String, type: ScalarType, shape: [Int], bytes: Data) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// Makes a float32 tensor from values in row-major order.
  public init(name: String, shape: [Int], floats: [Float]) {
    let bytes = floats.withUnsafeBytes { Data($0) }
    self.init(name: name, type: .f32, shape: shape, bytes: bytes)
  }

  /// The elements of a float32 tensor in row-major order, or nil if it has another type.
  ///
  /// - Complexity: O(n); the values are copied.
  public var floats: [Float]? {
    guard type == .f32 else { return nil }
    let count = bytes.count / 4
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      // A slice of a file has no alignment that Float could rely on, so bytes are copied.
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes.prefix(count * 4))
      filled = count
    }
  }

  /// Product of the axes, or nil if it is negative or does not fit an `Int`.
  static func elementCount(of shape: [Int]) -> Int? {
    // A zero axis makes the tensor empty however large the others are.
    if shape.contains(where: { $0 < 0 }) { return nil }
    if shape.contains(0) { return 0 }
    var count = 1
    for axis in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis)
      if overflow { return nil }
      count = product
    }
    return count
  }
}
