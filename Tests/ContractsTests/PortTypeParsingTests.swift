import Contracts
import Testing

@Suite("Port types are read from text and printed back")
struct PortTypeParsingTests {
  @Test(
    "each notation is read and printed the same",
    arguments: [
      "tensor<f32,[rows,classes]>", "tensor<bf16,[]>", "tensor<u8,[28,28,_]>",
      "tensor<f32,[batch:1..64,_:2..,features]>", "table<text:utf8 @pii, label:utf8>",
      "table<text:utf8, ...>", "table<...>", "table<'first name':utf8, 'it''s':i64>",
      "table<image:tensor<u8,[28,28]>, raw:bytes>", "dataset", "dataset<x:f64 @pii @raw>", "model",
      "model<text.classify/1>", "model<_, safetensors>", "model<text.classify/1, cadre.mlp/2>",
      "text", "bytes", "json", "state", "settings", "f64", "i64", "bool", "utf8", "u8",
      "team<model>", "sealed<dataset>", "stream<text>", "team<sealed<dataset<a:i8>>>",
    ])
  func roundTrip(_ text: String) throws {
    #expect(try PortType(parsing: text).description == text)
  }

  @Test("space between the parts does not matter")
  func space() throws {
    let type = try PortType(parsing: "  table < text : utf8 @ pii ,\n label:utf8 > ")
    #expect(type.description == "table<text:utf8 @pii, label:utf8>")
    #expect(try PortType(parsing: "model<_, _>") == .model(task: nil, format: nil))
  }

  @Test("the parts arrive in the values")
  func values() throws {
    let type = try PortType(parsing: "tensor<i32,[rows:2..8,3]>")
    #expect(
      type
        == .tensor(
          TensorType(
            dtype: .i32, dims: [.symbol("rows", range: SizeRange(min: 2, max: 8)), .fixed(3)])))
    let table = try PortType(parsing: "table<text:utf8 @pii, ...>")
    #expect(
      table
        == .table(
          TableType(columns: [Column(name: "text", type: .utf8, tags: ["pii"])], open: true)))
  }

  struct Bad: Sendable {
    var text: String
    var offset: Int
    var message: String
    var suggestion: String?
  }

  @Test(
    "an error says where, what was expected and what was probably meant",
    arguments: [
      Bad(text: "", offset: 0, message: "expected a type, found the end"),
      Bad(
        text: "tabel<a:utf8>", offset: 0, message: "'tabel' is no type",
        suggestion: "did you mean 'table'?"),
      Bad(
        text: "tensor<f16,[a]>", offset: 7, message: "'f16' is no element type",
        suggestion: "did you mean 'bf16'?"),
      Bad(text: "tensor<f32,a>", offset: 11, message: "expected '[' after the comma"),
      Bad(text: "tensor<f32,[a>", offset: 13, message: "expected ']' after the last dimension"),
      Bad(
        text: "tensor<f32,[a:9..1]>", offset: 12, message: "the range 9..1 is empty",
        suggestion: "write the smaller size first"),
      Bad(text: "table<a:utf9>", offset: 8, message: "'utf9' is no column type"),
      Bad(text: "table<a:utf8, a:i64>", offset: 14, message: "the column 'a' stands twice"),
      Bad(text: "table<a>", offset: 7, message: "expected ':' after the column name 'a'"),
      Bad(text: "table<..., a:utf8>", offset: 9, message: "expected '>'"),
      Bad(text: "table<'a:utf8>", offset: 6, message: "without its closing quote"),
      Bad(text: "model<>", offset: 6, message: "expected a task such as text.classify/1"),
      Bad(text: "json json", offset: 5, message: "expected the end of the type, found 'j'"),
      Bad(
        text: "tensor<f32,[99999999999999999999]>", offset: 12,
        message: "a size that does not fit 64 bits"),
      Bad(
        text: String(repeating: "team<", count: 20) + "text", offset: 40,
        message: "types stand deeper than 8"),
    ])
  func errors(_ bad: Bad) throws {
    let error = try #require(throws: PortTypeError.self) { try PortType(parsing: bad.text) }
    #expect(error.code == .syntax)
    #expect(error.offset == bad.offset)
    #expect(error.message.contains(bad.message), "\(error.message)")
    if let suggestion = bad.suggestion { #expect(error.suggestion == suggestion) }
  }

  @Test("every generated type comes back from its text")
  func property() throws {
    var source = TypeSource(seed: 20_26)
    for _ in 0..<2_000 {
      let type = source.type(depth: 0)
      #expect(try PortType(parsing: type.description) == type)
    }
  }

  @Test("random and mutilated text gives a type or an error inside of the text")
  func fuzz() throws {
    var source = TypeSource(seed: 7)
    var refused = 0
    for round in 0..<5_000 {
      let text = round.isMultiple(of: 2) ? source.mutilated() : source.noise()
      do {
        let type = try PortType(parsing: text)
        #expect(try PortType(parsing: type.description) == type)
      } catch let error as PortTypeError {
        refused += 1
        #expect(error.offset >= 0 && error.offset <= text.unicodeScalars.count)
        #expect(error.offset + error.length <= text.unicodeScalars.count)
      }
    }
    #expect(refused > 2_500)
  }
}

/// Types and text from a seeded generator (SplitMix64), the same on every run.
private struct TypeSource {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[next(values.count)] }

  mutating func type(depth: Int) -> PortType {
    switch next(depth < 4 ? 13 : 10) {
    case 0: .tensor(tensor())
    case 1: .table(row())
    case 2: .text
    case 3: .bytes
    case 4: .json
    case 5: .scalar(next(2) == 0 ? .utf8 : .element(pick(ElementType.allCases)))
    case 6: .dataset(next(3) == 0 ? nil : row())
    case 7:
      .model(
        task: next(2) == 0 ? nil : pick(["text.classify/1", "speech-to-text/2"]),
        format: next(2) == 0 ? nil : pick(["safetensors", "onnx+v9"]))
    case 8: .state
    case 9: .settings
    case 10: .team(type(depth: depth + 1))
    case 11: .sealed(type(depth: depth + 1))
    default: .stream(type(depth: depth + 1))
    }
  }

  private mutating func tensor() -> TensorType {
    let dims = (0..<next(4)).map { _ -> Dim in
      let low = next(5)
      let range: SizeRange? =
        switch next(3) {
        case 0: nil
        case 1: SizeRange(min: low, max: nil)
        default: SizeRange(min: low, max: low + next(9))
        }
      return switch next(3) {
      case 0: Dim.fixed(next(1_000))
      case 1: Dim(.anonymous, range: range)
      default: Dim.symbol(pick(["rows", "B", "team", "_x1"]), range: range)
      }
    }
    return TensorType(dtype: pick(ElementType.allCases), dims: dims)
  }

  private mutating func row() -> TableType {
    let names = ["text", "label", "first name", "it's", "Ümlaut", "3d", "x_1"]
    var columns: [Column] = []
    for name in names where next(3) == 0 {
      let type: ColumnType =
        switch next(4) {
        case 0: .utf8
        case 1: .bytes
        case 2: .tensor(tensor())
        default: .element(pick(ElementType.allCases))
        }
      columns.append(Column(name: name, type: type, tags: next(3) == 0 ? ["pii"] : []))
    }
    // Closed rows without columns have no notation: they could carry nothing.
    return TableType(columns: columns, open: columns.isEmpty || next(2) == 0)
  }

  mutating func mutilated() -> String {
    var scalars = Array(type(depth: 0).description.unicodeScalars)
    for _ in 0...next(3) where !scalars.isEmpty {
      switch next(3) {
      case 0: scalars.remove(at: next(scalars.count))
      case 1: scalars.insert(pick(Self.alphabet), at: next(scalars.count))
      default: scalars[next(scalars.count)] = pick(Self.alphabet)
      }
    }
    return text(scalars)
  }

  mutating func noise() -> String { text((0..<next(40)).map { _ in pick(Self.alphabet) }) }

  private static let alphabet = Array("<>[],:.@_'é💥 taebsnorf3264u8\n\t\0".unicodeScalars)

  private func text(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
