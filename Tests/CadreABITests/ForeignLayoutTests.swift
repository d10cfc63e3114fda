import CommandFixture
import Foundation
import Testing

/// Our restatement of DLPack and Arrow against the libraries that the rest of the world uses.
@Suite(
  .enabled(if: PythonEnvironment.interpreter != nil, "\(PythonEnvironment.requirement)"))
struct ForeignLayoutTests {
  private static let here = Command.root() + "/Tests/CadreABITests"
  private let folder: String

  init() throws { folder = try Command.scratchFolder() }

  /// The structs' sizes and offsets as a C compiler sees them in our headers, as a JSON file.
  private func layout() throws -> String {
    let program = folder + "/print_layout"
    let compiled = try Command.run(
      "clang",
      [
        "-std=c11", "-I", Command.root() + "/SDK/CadreABI/include",
        Self.here + "/Layout/print_layout.c", "-o", program,
      ])
    try #require(compiled.succeeded, "\(compiled.output)")
    let printed = try Command.run(program, [])
    let file = folder + "/layout.json"
    try printed.output.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  private func python(_ script: String, _ arguments: [String]) throws -> Command.Outcome {
    let interpreter = try #require(PythonEnvironment.interpreter)
    return try Command.run(interpreter, ["-B", Self.here + "/" + script] + arguments)
  }

  private func clean() { try? FileManager.default.removeItem(atPath: folder) }

  @Test("numpy and we read each other's DLPack tensors")
  func dlpack() throws {
    defer { clean() }
    let outcome = try python("Layout/check_dlpack.py", [layout()])
    #expect(outcome.succeeded && outcome.output.hasPrefix("ok"), "\(outcome.output)")
  }

  @Test("pyarrow and we read each other's arrays, schemas and streams")
  func arrow() throws {
    defer { clean() }
    let outcome = try python("Layout/check_arrow.py", [layout()])
    #expect(outcome.succeeded && outcome.output.hasPrefix("ok"), "\(outcome.output)")
  }

  @Test("a layout that is off is caught by both checks")
  func canFail() throws {
    defer { clean() }
    let file = try layout()
    let text = try String(contentsOfFile: file, encoding: .utf8)
      .replacingOccurrences(of: "\"n_buffers\": 24", with: "\"n_buffers\": 32")
      .replacingOccurrences(of: "\"ndim\": 16", with: "\"ndim\": 20")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    for script in ["Layout/check_dlpack.py", "Layout/check_arrow.py"] {
      let outcome = try python(script, [file])
      #expect(outcome.status == 1, "\(outcome.output)")
    }
  }

  @Test("tables of pyarrow pass through ArrowTables unchanged, slices and refusals included")
  func tables() throws {
    defer { clean() }
    let root = Command.root()
    let walk = FileManager.default.enumerator(atPath: root + "/SDK/ArrowTables")
    let sources = (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
    try #require(!sources.isEmpty)
    let library = folder + "/libarrow_interop.so"
    // ArrowTables and three lines of C entry as one library that Python can load.
    let compiled = try Command.run(
      "swiftc",
      [
        "-swift-version", "6", "-emit-library", "-module-name", "ArrowInterop", "-I",
        root + "/SDK/CadreABI/include", "-o", library, Self.here + "/Interop/ArrowInterop.swift",
      ] + sources.map { root + "/SDK/ArrowTables/" + $0 })
    try #require(compiled.succeeded, "\(compiled.output)")
    let outcome = try python("Interop/check_tables.py", [layout(), library])
    #expect(outcome.succeeded && outcome.output.hasPrefix("ok"), "\(outcome.output)")
  }
}
