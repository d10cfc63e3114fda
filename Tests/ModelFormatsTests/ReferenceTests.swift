import Foundation
import ModelFormats
import Testing

/// Compares with the reference implementation: `Golden/make_safetensors.py` holds the same formulas.
@Suite struct ReferenceTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  private func tensor<Element>(
    _ name: String, _ type: ScalarType, _ elements: [Element], shape: [Int] = [2, 3]
  ) -> NamedTensor {
    NamedTensor(
      name: name, type: type, shape: shape, bytes: elements.withUnsafeBytes { Data($0) })
  }

  /// The tensors of the golden file, computed here.
  private var expected: Safetensors {
    let ramp = Array(0..<6)
    let floats = ramp.map(Float.init)
    let tensors = [
      tensor("f32", .f32, floats.map { $0 / 4 - 0.5 }),
      tensor("f64", .f64, ramp.map { Double($0) / 3 }),
      tensor("f16", .f16, floats.map { Float16($0 / 2 - 1) }),
      tensor("bf16", .bf16, floats.map { UInt16(($0 * 1.5 - 4).bitPattern >> 16) }),
      tensor("i64", .i64, ramp.map { Int64($0) * -(1 << 40) }),
      tensor("i32", .i32, ramp.map { Int32($0) * -100_000 }),
      tensor("i16", .i16, ramp.map { Int16($0) * -1000 }),
      tensor("i8", .i8, ramp.map { Int8($0) * -20 }),
      tensor("u64", .u64, ramp.map { UInt64($0) << 61 }),
      tensor("u32", .u32, ramp.map { UInt32($0) * 800_000_000 }),
      tensor("u16", .u16, ramp.map { UInt16($0) * 13_000 }),
      tensor("u8", .u8, ramp.map { UInt8($0) * 50 }),
      tensor("bool", .bool, ramp.map { UInt8($0 % 2) }),
      tensor("c64", .c64, ramp.flatMap { [Float($0), Float(($0 + 3) % 6)] }),
      tensor(
        "special.f32", .f32,
        [Float.infinity, -.infinity, -0.0, .leastNonzeroMagnitude, 3.4e38], shape: [5]
      ),
      tensor("scalar", .f32, [Float(7.25)], shape: []),
      tensor("empty", .f32, [Float](), shape: [0, 3]),
      tensor("größe \"quoted\" 😀", .f32, [Float(1)], shape: [1]),
    ]
    let note = "quote \" backslash \\ line\n tab\t bell\u{7} größe 😀"
    return Safetensors(tensors: tensors, metadata: ["note": note])
  }

  @Test("a file of the reference implementation is read bit for bit")
  func reads() throws {
    let file = Self.golden.appending(path: "reference.safetensors")
    let read = try Safetensors(contentsOf: file.path(percentEncoded: false))
    let expected = expected
    #expect(read.metadata == expected.metadata)
    #expect(Set(read.tensors.map(\.name)) == Set(expected.tensors.map(\.name)))
    for tensor in expected.tensors { #expect(read[tensor.name] == tensor) }
  }

  @Test("the same tensors give the same file as the reference implementation's, byte for byte")
  func writes() throws {
    let file = try Data(contentsOf: Self.golden.appending(path: "reference.safetensors"))
    #expect(try expected.encoded() == file)
  }

  @Test("the reference implementation of today reads our file, and we read its")
  func exchange() throws {
    let scratch = try ScratchFolder()
    let python = scratch.path + "/venv/bin/python"
    guard try run("/usr/bin/env", "python3", "-m", "venv", scratch.path + "/venv") == 0,
      try run(
        python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "0",
        "--timeout", "10", "install", "safetensors", "numpy", "ml_dtypes") == 0
    else {
      try Test.cancel("needs python3 with venv and PyPI, of which something is out of reach")
    }
    let script = Self.golden.appending(path: "make_safetensors.py").path(percentEncoded: false)
    try expected.write(to: scratch.path + "/ours")
    #expect(try run(python, script, "check", scratch.path + "/ours") == 0)
    #expect(try run(python, script, "make", scratch.path + "/theirs") == 0)
    let theirs = try Safetensors(contentsOf: scratch.path + "/theirs")
    #expect(Set(theirs.tensors) == Set(expected.tensors))
    #expect(theirs.metadata == expected.metadata)
  }

  private func run(_ program: String, _ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
