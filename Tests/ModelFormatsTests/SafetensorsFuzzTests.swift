import Foundation
import ModelFormats
import Testing

@Suite struct SafetensorsFuzzTests {
  /// SplitMix64, so that a failure repeats.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func whole() throws -> Data {
    try Safetensors(
      tensors: [
        NamedTensor(name: "weight", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]),
        NamedTensor(name: "bias", type: .i64, shape: [2], bytes: Data(count: 16)),
        NamedTensor(name: "mask", type: .bool, shape: [3], bytes: Data([0, 1, 0])),
      ], metadata: ["note": "größe"]
    ).encoded()
  }

  @Test("every true prefix of a file is refused, as is any byte that is added")
  func truncation() throws {
    let whole = try whole()
    for count in 0..<whole.count {
      #expect(throws: FormatError.self) { try Safetensors(parsing: whole.prefix(count)) }
    }
    #expect(throws: FormatError.self) { try Safetensors(parsing: whole + [0]) }
  }

  @Test("a changed file is refused, or read as tensors whose sizes fit; it never crashes")
  func mutation() throws {
    let whole = try whole()
    let fragments = ["{", "}", "[", "]", "\"", ",", ":", "-", "9", "1e9", "\\u", "null", "dtype"]
      .map { Data($0.utf8) }
    var generator = Generator(state: 20_260_102)
    var refused = 0
    let rounds = 20_000
    for _ in 0..<rounds {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
        case 3:
          let index = Int.random(in: 0..<fragments.count, using: &generator)
          bytes.insert(contentsOf: fragments[index], at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 9)], at: 0)
        }
        if bytes.isEmpty { bytes = whole }
      }
      do {
        for tensor in try Safetensors(parsing: bytes).tensors {
          let count = tensor.shape.reduce(1, *)
          #expect(tensor.bytes.count == count * tensor.type.byteCount)
        }
      } catch {
        refused += 1
      }
    }
    // The payload's own bytes may change freely, all else is checked.
    #expect(refused > rounds / 2 && refused < rounds)
  }
}
