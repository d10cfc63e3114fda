import CadreABI
import TensorCore

/// Reads the fields of an attribute struct as far as its size goes.
///
/// What lies beyond the size that the caller states is nil here, so an agent built against an older
/// header keeps working.
struct AttributeReader {
  let op: String
  let size: Int
  private let start: UnsafeRawPointer

  /// More axes than any tensor has; a larger count is a wrong argument.
  static let axisLimit = Shape.maximumRank
  /// More parts than any tensor is split into.
  static let partLimit = 4096
  /// The longest attributes of an operation that a plug-in defined.
  static let opaqueLimit = 64 * 1024

  /// - Parameters:
  ///   - attributes: a struct that begins with its size.
  ///   - op: for errors.
  init(_ attributes: UnsafeRawPointer, op: String) throws {
    start = attributes
    size = Int(attributes.loadUnaligned(as: UInt32.self))
    self.op = op
    guard size >= MemoryLayout<UInt32>.size else {
      throw refusal("state a size of \(size); set it to CADRE_END_<type>_<last field>")
    }
  }

  /// A field of any type.
  func load<T: BitwiseCopyable>(_ type: T.Type, endingAt end: Int) -> T? {
    guard size >= end else { return nil }
    return start.loadUnaligned(fromByteOffset: end - MemoryLayout<T>.size, as: type)
  }

  /// A field that says yes or no.
  func flag(endingAt end: Int) -> Bool? { load(UInt32.self, endingAt: end).map { $0 != 0 } }

  /// A field with a number.
  func number(endingAt end: Int) -> Double? { load(Double.self, endingAt: end) }

  /// A field with a position or length.
  func integer(_ name: String, endingAt end: Int) throws -> Int? {
    try load(Int64.self, endingAt: end).map { try narrowed($0, name) }
  }

  /// A field with a count of what is wanted.
  func count(_ name: String, endingAt end: Int) throws -> Int? {
    guard let value = load(UInt64.self, endingAt: end) else { return nil }
    guard let count = Int(exactly: value) else { throw refusal("have a \(name) of \(value)") }
    return count
  }

  /// An array of whole numbers with its count.
  ///
  /// - Parameters:
  ///   - name: the field, for errors.
  ///   - array: where the pointer ends.
  ///   - count: where the count ends.
  ///   - limit: the most elements that are followed.
  /// - Returns: nil where one of the two lies beyond the size, or the pointer is NULL.
  func integers(
    _ name: String, endingAt array: Int, countEndingAt count: Int, limit: Int
  ) throws -> [Int]? {
    guard let stated = load(UInt64.self, endingAt: count),
      let elements = load(UnsafeRawPointer?.self, endingAt: array) ?? nil
    else { return nil }
    guard stated <= UInt64(limit) else {
      throw refusal("have \(stated) \(name); at most \(limit) are taken")
    }
    return try (0..<Int(stated)).map { index in
      try narrowed(
        elements.loadUnaligned(
          fromByteOffset: index * MemoryLayout<Int64>.size, as: Int64.self), name)
    }
  }

  /// All of the struct, for an operation that alone understands it.
  func bytes() throws -> [UInt8] {
    guard size <= Self.opaqueLimit else {
      throw refusal("state a size of \(size); at most \(Self.opaqueLimit) bytes are taken")
    }
    return Array(UnsafeRawBufferPointer(start: start, count: size))
  }

  /// An error about these attributes.
  func refusal(_ what: String) -> BridgeError {
    BridgeError(CADRE_INVALID_ARGUMENT, op, "the attributes \(what)")
  }

  private func narrowed(_ value: Int64, _ name: String) throws -> Int {
    guard let number = Int(exactly: value) else { throw refusal("have a \(name) of \(value)") }
    return number
  }
}
