import ArtifactStore
import Foundation
import ModelFormats
import Testing

@Suite struct SafetensorsTests {
  /// A file with a header as given and a payload of so many bytes.
  private func file(_ header: String, payload: Int = 0) -> Data {
    var file = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
    return file + Data(header.utf8) + Data(count: payload)
  }

  private func tensor(_ fields: String) -> String { "{\"a\":{\(fields)}}" }

  @Test("tensors and notes come back as they were written, whatever their order")
  func roundTrip() throws {
    let written = Safetensors(
      tensors: [
        NamedTensor(name: "b", type: .u8, shape: [3], bytes: Data([1, 2, 3])),
        NamedTensor(name: "empty", type: .i64, shape: [0, 9], bytes: Data()),
        NamedTensor(name: "w", shape: [2, 1], floats: [1.5, -.infinity]),
        NamedTensor(name: "scalar", type: .f64, shape: [], bytes: Data(count: 8)),
      ], metadata: ["b": "2", "a": "1"])
    let bytes = try written.encoded()
    let read = try Safetensors(parsing: bytes)
    #expect(Set(read.tensors) == Set(written.tensors))
    #expect(read.metadata == written.metadata)
    #expect(read["w"]?.floats == [1.5, -.infinity])
    #expect(read["b"]?.floats == nil && read["absent"] == nil)

    let shuffled = Safetensors(
      tensors: written.tensors.reversed(), metadata: ["a": "1", "b": "2"])
    #expect(try shuffled.encoded() == bytes)
    #expect(try read.encoded() == bytes)
  }

  @Test("the payload begins at a multiple of 8")
  func aligned() throws {
    for length in 0..<9 {
      let name = String(repeating: "n", count: length)
      let bytes = try Safetensors(tensors: [NamedTensor(name: name, shape: [1], floats: [1])])
        .encoded()
      #expect((bytes.count - 4) % 8 == 0)
      #expect(try Safetensors(parsing: bytes)[name]?.floats == [1])
    }
  }

  @Test("a file without tensors is a file")
  func noTensors() throws {
    let bytes = try Safetensors(tensors: []).encoded()
    #expect(bytes == Data([8, 0, 0, 0, 0, 0, 0, 0]) + Data("{}      ".utf8))
    #expect(try Safetensors(parsing: bytes).tensors.isEmpty)
  }

  @Test("a slice of other data is read in its own place")
  func slice() throws {
    let bytes = try Safetensors(tensors: [NamedTensor(name: "a", shape: [1], floats: [2])])
      .encoded()
    let slice = (Data(count: 5) + bytes + Data(count: 3))[5..<(5 + bytes.count)]
    #expect(try Safetensors(parsing: slice)["a"]?.floats == [2])
  }

  @Test(
    "headers that break the format are refused, naming the tensor",
    arguments: [
      ("[]", 0, FormatError.Code.badHeader),
      (" {}", 0, .badHeader),
      ("{", 0, .badHeader),
      ("{}x", 0, .badHeader),
      ("", 0, .badHeader),
      ("{\"a\":1}", 0, .badHeader),
      ("{\"__metadata__\":{\"a\":1}}", 0, .badHeader),
      ("{\"__metadata__\":[]}", 0, .badHeader),
      ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, .badHeader),
      (#"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, 1, .badHeader),
      (#"{"a":{"dtype":"U4","shape":[1],"data_offsets":[0,1]}}"#, 1, .unknownType),
      (#"{"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}"#, 1, .unknownType),
      // Size and place.
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}"#, 1, .badLayout),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1]}}"#, 1, .badLayout),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1, .badLayout),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, .badLayout),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2, .badLayout),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 0, .truncated),
      (#"{}"#, 1, .badLayout),
      // Products over 64 bits, of the axes and of axes and type.
      (
        #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, .badLayout
      ),
      (
        #"{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#, 0, .badLayout
      ),
      // Two tensors: an overlap, a hole, the same bytes twice, the same name twice.
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3, .badLayout
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
        3, .badLayout
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        1, .badLayout
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        2, .badHeader
      ),
    ])
  func refused(header: String, payload: Int, code: FormatError.Code) throws {
    let error = try #require(throws: FormatError.self) {
      try Safetensors(parsing: file(header, payload: payload), named: "model.safetensors")
    }
    #expect(error.code == code, "\(error)")
    #expect(error.path == "model.safetensors")
    if header.contains("dtype") && code != .badHeader && code != .truncated {
      #expect(error.message.contains("\"a\"") || error.message.contains("\"b\"") || payload == 2)
    }
  }

  @Test("a header length over the limit or over the file is refused before anything is taken")
  func headerLength() throws {
    for length in [UInt64.max, 1 << 63, UInt64(Safetensors.headerLimit) + 1] {
      let bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data("{}".utf8)
      let error = try #require(throws: FormatError.self) { try Safetensors(parsing: bytes) }
      #expect(error.code == .badHeader)
    }
    let bytes = withUnsafeBytes(of: UInt64(3).littleEndian) { Data($0) } + Data("{}".utf8)
    let error = try #require(throws: FormatError.self) { try Safetensors(parsing: bytes) }
    #expect(error.code == .truncated)
  }

  @Test("what cannot be written is refused with the tensor's name")
  func unwritable() throws {
    let one = NamedTensor(name: "a", type: .u8, shape: [1], bytes: Data([1]))
    let cases: [([NamedTensor], FormatError.Code)] = [
      ([one, one], .badName),
      ([NamedTensor(name: "__metadata__", type: .u8, shape: [], bytes: Data([1]))], .badName),
      ([NamedTensor(name: "a", type: .u8, shape: [2], bytes: Data([1]))], .badLayout),
      ([NamedTensor(name: "a", type: .u8, shape: [-1], bytes: Data([1]))], .badLayout),
      ([NamedTensor(name: "a", type: .f64, shape: [.max], bytes: Data())], .badLayout),
      ([NamedTensor(name: "a", type: .u8, shape: [.max, .max], bytes: Data())], .badLayout),
    ]
    for (tensors, code) in cases {
      let error = try #require(throws: FormatError.self) {
        try Safetensors(tensors: tensors).encoded()
      }
      #expect(error.code == code)
      #expect(error.message.contains("a"))
    }
  }

  @Test("files are written and read by path; a missing one is named")
  func files() throws {
    let scratch = try ScratchFolder()
    let model = Safetensors(tensors: [NamedTensor(name: "a", shape: [2], floats: [1, 2])])
    try model.write(to: scratch.path + "/model")
    #expect(try Safetensors(contentsOf: scratch.path + "/model") == model)
    let error = try #require(throws: ArtifactError.self) {
      try Safetensors(contentsOf: scratch.path + "/absent")
    }
    #expect(error.code == .missing)
  }
}
