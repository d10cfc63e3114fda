import CadreABI

/// Arrays that come over the boundary: pointer and count, neither of them believed.
enum BoundaryArray {
  /// The elements, borrowed like the array.
  ///
  /// - Parameters:
  ///   - start: may be NULL where the count is 0.
  ///   - count: the number of elements, or of groups of `stride` elements.
  ///   - limit: the most that an honest caller has.
  ///   - stride: elements that one count stands for.
  ///   - place: the field, for the error.
  static func check<T>(
    _ start: UnsafePointer<T>?, _ count: UInt64, limit: UInt64, stride: Int = 1, place: String
  ) throws -> UnsafeBufferPointer<T> {
    guard count <= limit else {
      throw AgentError(
        .invalidArgument, "a count of \(count); at most \(limit) are taken", where: place)
    }
    guard start != nil || count == 0 else {
      throw AgentError(.invalidArgument, "NULL with a count of \(count)", where: place)
    }
    return UnsafeBufferPointer(start: start, count: Int(count) * stride)
  }
}
