import TensorKernels
import Testing

@Suite struct BytesTests {
  struct Copy: Sendable, CustomTestStringConvertible {
    let shape: [Int64]
    let steps: [Int64]
    /// Where index 0 lies in x: flipped axes start at their end.
    var start = 0
    var testDescription: String { "\(shape) by \(steps)" }
  }

  static let copies = [
    Copy(shape: [], steps: []), Copy(shape: [7], steps: [1]), Copy(shape: [7], steps: [0]),
    Copy(shape: [7], steps: [3]), Copy(shape: [7], steps: [-2], start: 12),
    Copy(shape: [3, 0, 2], steps: [2, 2, 1]), Copy(shape: [5, 1, 6], steps: [6, 99, 1]),
    Copy(shape: [4, 5], steps: [0, 1]), Copy(shape: [4, 5], steps: [1, 0]),
    Copy(shape: [33, 47], steps: [1, 33]), Copy(shape: [64, 128], steps: [1, 64]),
    Copy(shape: [130, 67], steps: [1, 131]), Copy(shape: [3, 40, 35], steps: [1400, 1, 40]),
    Copy(shape: [20, 3, 18], steps: [1, 400, 20]),
    Copy(shape: [2, 17, 4, 8], steps: [544, 8, 136, 1]),
    Copy(shape: [16, 16], steps: [1, -16], start: 240),
    Copy(shape: [18, 70], steps: [-1, 18], start: 17),
    Copy(shape: [2, 2, 2, 2, 2, 2, 2, 2], steps: [1, 2, 4, 8, 16, 32, 64, 128]),
  ]

  static func expected<Element>(_ copy: Copy, _ x: [Element]) -> [Element] {
    var offsets: [Int64] = [Int64(copy.start)]
    for (length, step) in zip(copy.shape, copy.steps) {
      offsets = offsets.flatMap { offset in (0..<length).map { offset + $0 * step } }
    }
    return offsets.map { x[Int($0)] }
  }

  static func check<Element: BitwiseCopyable & FixedWidthInteger>(
    _ copy: Copy, _: Element.Type
  ) throws {
    let x = (0..<20_000).map { Element(truncatingIfNeeded: $0 &* 2_654_435_761) }
    let wanted = Self.expected(copy, x)
    let y = try GuardedArray([Element](repeating: 0, count: wanted.count))
    x.withUnsafeBufferPointer { x in
      guard let start = x.baseAddress else { return }
      tk_copy_strided(
        copy.shape.count, copy.shape, copy.steps, MemoryLayout<Element>.size, start + copy.start,
        y.start)
    }
    #expect(y.elements == wanted, "\(Element.self)")
  }

  @Test("a strided copy is the plain loop over all axes, at every width", arguments: copies)
  func copyStrided(copy: Copy) throws {
    try Self.check(copy, UInt8.self)
    try Self.check(copy, UInt16.self)
    try Self.check(copy, UInt32.self)
    try Self.check(copy, UInt64.self)
  }

  static func checkSelect<Element: BitwiseCopyable & FixedWidthInteger>(_: Element.Type) throws {
    for size in KernelVariant.sizes {
      for (aStep, bStep) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
        let mask = try GuardedArray((0..<size).map { UInt8($0 % 3 == 0 ? 0 : $0 % 256) })
        let a = try GuardedArray(
          (0..<(aStep == 0 ? min(size, 1) : size)).map { Element(truncatingIfNeeded: $0) })
        let b = try GuardedArray(
          (0..<(bStep == 0 ? min(size, 1) : size)).map { ~Element(truncatingIfNeeded: $0) })
        let y = try GuardedArray([Element](repeating: 1, count: size))
        let width = MemoryLayout<Element>.size
        tk_select(size, width, mask.start, a.start, aStep, b.start, bStep, y.start)
        let (truth, yes, no) = (mask.elements, a.elements, b.elements)
        let wanted = (0..<size).map { truth[$0] != 0 ? yes[$0 * aStep] : no[$0 * bStep] }
        #expect(y.elements == wanted, "\(Element.self), \(size), \(aStep), \(bStep)")
      }
    }
  }

  @Test("select takes the first where the mask is not 0, at every size, step and width")
  func select() throws {
    try Self.checkSelect(UInt8.self)
    try Self.checkSelect(UInt16.self)
    try Self.checkSelect(UInt32.self)
    try Self.checkSelect(UInt64.self)
  }

  static func checkFill<Element: BitwiseCopyable & FixedWidthInteger>(_ value: Element) throws {
    for size in KernelVariant.sizes {
      let y = try GuardedArray([Element](repeating: 0, count: size))
      tk_fill(size, MemoryLayout<Element>.size, [value], y.start)
      #expect(y.elements == [Element](repeating: value, count: size))
    }
  }

  @Test("fill writes one element everywhere, at every width")
  func fill() throws {
    try Self.checkFill(0xab as UInt8)
    try Self.checkFill(0xabcd as UInt16)
    try Self.checkFill(0x1234_5678 as UInt32)
    try Self.checkFill(0x1234_5678_9abc_def0 as UInt64)
  }

  static func cast<From: BitwiseCopyable, To: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ x: [From], _ from: Int, _ to: Int, _: To.Type
  ) throws -> [To] {
    let operand = try GuardedArray(x)
    let y = try guardedZeros(x.count, of: To.self)
    #expect(tk_cast(x.count, Int32(from), Int32(to), operand.start, y.start) == 0)
    return y.elements
  }

  @Test("a floating-point number is cut, NaN is 0, and what is out of range goes to the end")
  func castsCut() throws {
    let x: [Float] = [1.9, -1.9, .nan, .infinity, -.infinity, 3e9, -3e9, 300, -0.5]
    try #expect(
      Self.cast(x, TK_F32, TK_I32, Int32.self)
        == [1, -1, 0, .max, .min, .max, .min, 300, 0])
    try #expect(
      Self.cast(x, TK_F32, TK_I64, Int64.self)
        == [1, -1, 0, .max, .min, 3_000_000_000, -3_000_000_000, 300, 0])
    try #expect(Self.cast(x, TK_F32, TK_U8, UInt8.self) == [1, 0, 0, 255, 0, 255, 0, 255, 0])
    try #expect(Self.cast(x, TK_F32, TK_BOOL, UInt8.self) == [UInt8](repeating: 1, count: 9))
    let wide = x.map(Double.init)
    try #expect(
      Self.cast(wide, TK_F64, TK_I32, Int32.self)
        == [1, -1, 0, .max, .min, .max, .min, 300, 0])
    try #expect(Self.cast(wide, TK_F64, TK_U8, UInt8.self) == [1, 0, 0, 255, 0, 255, 0, 255, 0])
    try #expect(Self.cast([1e300, 0.1], TK_F64, TK_F32, Float.self) == [.infinity, 0.1])
    try #expect(Self.cast([0, -0.0, 2] as [Float], TK_F32, TK_BOOL, UInt8.self) == [0, 0, 1])
  }

  @Test("whole numbers keep their low bits, and become the nearest float")
  func castsOfWholeNumbers() throws {
    let x: [Int64] = [0, -1, 257, 1 << 40, .max]
    try #expect(Self.cast(x, TK_I64, TK_I32, Int32.self) == [0, -1, 257, 0, -1])
    try #expect(Self.cast(x, TK_I64, TK_U8, UInt8.self) == [0, 255, 1, 0, 255])
    try #expect(Self.cast(x, TK_I64, TK_BOOL, UInt8.self) == [0, 1, 1, 1, 1])
    try #expect(Self.cast(x, TK_I64, TK_F32, Float.self) == x.map(Float.init))
    try #expect(Self.cast([0, 1, 255] as [UInt8], TK_U8, TK_F64, Double.self) == [0, 1, 255])
    try #expect(Self.cast([-2, 3] as [Int32], TK_I32, TK_I64, Int64.self) == [-2, 3])
  }

  @Test("a type that is not listed is refused")
  func unknownType() {
    var y: [Float] = [0]
    #expect(tk_cast(1, 99, Int32(TK_F32), [1 as Float], &y) == -1)
    #expect(tk_cast(1, Int32(TK_F32), 0, [1 as Float], &y) == -1)
  }
}
