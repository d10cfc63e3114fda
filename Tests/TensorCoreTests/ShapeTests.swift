import TensorCore
import Testing

@Suite struct ShapeTests {
  @Test("counts, rows and columns follow from the lengths")
  func counts() throws {
    let shape = try Shape([2, 3, 4])
    #expect(shape.elementCount == 24)
    #expect((shape.rows, shape.columns) == (6, 4))
    #expect(shape.contiguousStrides.elements == [12, 4, 1])
    #expect(Shape.scalar.elementCount == 1)
    #expect((Shape.scalar.rows, Shape.scalar.columns) == (1, 1))
    #expect(try Shape([4, 0]).elementCount == 0)
    #expect(try Shape([2, 3]) == Shape([2, 3]))
    #expect(try Shape([2, 3]) != Shape([3, 2]))
    #expect(try Shape([2]) != Shape([2, 1]))
    #expect(shape.description == "[2, 3, 4]")
  }

  @Test(
    "impossible shapes are refused with what is wrong",
    arguments: [
      ([-1, 2], "negative"), ([Int.max, 2], "overflows"), ([0, Int.max, Int.max], "overflows"),
      ([1, 1, 1, 1, 1, 1, 1, 1, 1], "at most 8 axes"),
    ])
  func refused(dimensions: [Int], words: String) throws {
    let error = try #require(throws: TensorError.self) { try Shape(dimensions) }
    #expect(error.code == .invalidShape)
    #expect(error.description.contains(words))
  }

  @Test("a shape that fits but whose bytes do not is refused, not wrapped around")
  func byteOverflow() throws {
    let error = try #require(throws: TensorError.self) {
      try Tensor.zeros([Int.max / 2], dtype: .f64)
    }
    #expect(error.code == .invalidShape)
  }

  @Test("every dtype is found by its name")
  func dtypes() {
    for dtype in DType.allCases { #expect(DType(named: dtype.name) == dtype) }
    #expect(DType(named: "float") == nil)
  }
}
