/// The element type and shape of a tensor without its memory: what shape inference works on.
public struct TensorSpec: Sendable, Hashable, CustomStringConvertible {
  /// The element type.
  public let dtype: DType
  /// The lengths of the axes.
  public let shape: Shape

  /// Pairs an element type with a shape.
  ///
  /// - Parameters:
  ///   - dtype: the element type.
  ///   - shape: the lengths of the axes.
  public init(_ dtype: DType, _ shape: Shape) {
    self.dtype = dtype
    self.shape = shape
  }

  /// For example `f32[2, 3]`.
  public var description: String { "\(dtype)\(shape)" }
}
