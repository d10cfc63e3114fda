import AgentKit
import CadreABI
import CommandFixture
import Foundation
import Testing

/// The examples for authors: they build as their README says, stay short, and work.
@Suite(.serialized) struct ExampleTests {
  private static let examples = Command.root() + "/Examples/agents"

  private func lines(_ file: String) throws -> Int {
    try String(contentsOfFile: Self.examples + "/" + file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).count - 1
  }

  /// Opens a library as a host does and asks its entry for the module.
  private func module(_ library: String) throws -> UnsafePointer<cadre_module> {
    let image = try #require(
      dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), "\(String(cString: dlerror()))")
    let entry = unsafeBitCast(try #require(dlsym(image, CADRE_ENTRY_NAME)), to: cadre_entry.self)
    var boot = cadre_boot()
    boot.magic = UInt32(CADRE_BOOT_MAGIC)
    boot.major = UInt16(CADRE_ABI_MAJOR)
    boot.minor = UInt16(CADRE_ABI_MINOR)
    return try #require(entry(&boot))
  }

  private func exported(_ library: String) throws -> [Substring] {
    try Command.run("nm", ["-D", "-g", "--defined-only", library]).output.split(separator: "\n")
      .filter { $0.split(separator: " ").dropFirst().first.map { $0 == $0.uppercased() } ?? false }
  }

  @Test("the C example averages probabilities and exports one symbol")
  func majority() throws {
    let folder = try Command.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for file in ["majority.c", "exports.map", "Makefile"] {
      try FileManager.default.copyItem(
        atPath: Self.examples + "/c-minimal/" + file, toPath: folder + "/" + file)
    }
    let built = try Command.run(
      "make", ["-C", folder, "CC=clang", "CADRE_SDK=\(Command.root())/SDK"])
    try #require(built.succeeded, "\(built.output)")
    #expect(try lines("c-minimal/majority.c") < 120)
    let library = folder + "/libmajority.so"
    #expect(try exported(library).count == 1)

    let test = TestHost()
    let opened = try OpenedAgent(module: module(library), test)
    defer { opened.close() }
    let offer = try #require(opened.offer(0)).pointee
    #expect(offer.task.string == "collaborate.policy/1")
    #expect(try #require(offer.inputs[0]).pointee.dims[0].symbol.string == "team")
    let assignment = try opened.prepare()
    defer { opened.release(assignment) }

    // Two members, two rows, two classes: 0.9/0.1 with 0.5/0.5, and certainty with its opposite.
    let logs: [Float] = [0.9, 0.1, 1, 0, 0.5, 0.5, 0, 1].map { Float(log(Double($0))) }
    let tensor = test.memory.one(DLTensor())
    tensor.pointee.data = UnsafeMutableRawPointer(test.memory.array(logs))
    tensor.pointee.device.device_type = Int32(kDLCPU)
    tensor.pointee.ndim = 3
    tensor.pointee.dtype = DLDataType(code: UInt8(kDLFloat), bits: 32, lanes: 1)
    tensor.pointee.shape = test.memory.array([Int64(2), 2, 2])
    test.inputs["logp"] = {
      $0.pointee.kind = UInt32(CADRE_KIND_TENSOR)
      $0.pointee.tensor = UnsafePointer(tensor)
    }
    try opened.run(assignment)
    guard case .tensor(let shape, _, _, let bytes) = test.outputs["logp"] else {
      Issue.record("no tensor came out")
      return
    }
    #expect(shape == [2, 2])
    let pooled = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    for (got, want) in zip(pooled.map { exp(Double($0)) }, [0.7, 0.3, 0.5, 0.5]) {
      #expect(abs(got - want) < 1e-6)
    }

    test.jobs.pointee.input = { host, _, _, _ in
      TestHost.behind(host)?.error(CADRE_NOT_FOUND, "nothing is here")
    }
    let refusal = #expect(throws: Refusal.self) { try opened.run(assignment) }
    #expect(refusal?.message == "nothing is here")
  }

  @Test("the Swift example collects rows from settings and exports one symbol")
  func inlineSource() throws {
    let root = Command.root()
    #expect(try lines("swift-minimal/Sources/InlineSource/InlineSource.swift") < 40)
    // Built outside of the example's folder and kept, so that a second run of the tests is quick.
    let scratch = root + "/.build/test-examples/swift-minimal"
    let built = try Command.run(
      "swift",
      [
        "build", "--package-path", Self.examples + "/swift-minimal", "--scratch-path", scratch,
      ])
    try #require(built.succeeded, "\(built.output)")
    let library = scratch + "/debug/libInlineSource.so"
    #expect(try exported(library).count == 1)

    let test = TestHost()
    let opened = try OpenedAgent(module: module(library), test)
    defer { opened.close() }
    #expect(try #require(opened.offer(0)).pointee.attributes[1].string == "inline")
    let assignment = try opened.prepare(
      settings: #"{"messages": {"spam": ["win now"], "ham": ["hello", "see you"]}}"#)
    try opened.run(assignment)
    opened.release(assignment)
    #expect(
      test.outputs["rows"]
        == .table(
          try Table(columns: [
            TableColumn("text", .utf8(["win now", "hello", "see you"])),
            TableColumn("label", .utf8(["spam", "ham", "ham"])),
          ])))
    let empty = try opened.prepare(settings: "{}")
    defer { opened.release(empty) }
    let refusal = #expect(throws: Refusal.self) { try opened.run(empty) }
    #expect(refusal?.place == "settings.messages")
  }
}
