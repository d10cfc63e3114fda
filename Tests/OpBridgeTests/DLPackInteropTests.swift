import CommandFixture
import Foundation
import Testing

/// Tensors pass between the op table and Python's libraries without a copy, in one process.
///
/// With a wheel of torch at the path in `CADRE_TORCH_WHEEL` the same is asked of torch.
@Suite(
  .enabled(if: PythonEnvironment.interpreter != nil, "\(PythonEnvironment.requirement)"),
  .disabled(
    if: dlsym(nil, "__asan_init") ?? dlsym(nil, "__tsan_init") != nil,
    "Python cannot load what a sanitizer was built into")
)
struct DLPackInteropTests {
  private static let here = Command.root() + "/Tests/OpBridgeTests/Interop"

  /// The objects of this build as a library with a C entry: what is tested is what was built.
  private func library(in folder: String) throws -> String {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let build = URL(fileURLWithPath: executable).deletingLastPathComponent().path
    var objects: [String] = []
    for target in ["Autodiff", "CadreABI", "OpBridge", "TensorCore", "TensorKernels"] {
      // Objects of sources that are gone stay where they were built; they must not be linked.
      let folder = target == "CadreABI" ? "SDK" : "Sources"
      let sources = Set(try paths(in: "\(Command.root())/\(folder)/\(target)").map(Self.name))
      objects += try paths(in: "\(build)/\(target).build")
        .filter { $0.hasSuffix(".o") && sources.contains(Self.name(String($0.dropLast(2)))) }
        .map { "\(build)/\(target).build/\($0)" }
    }
    let library = folder + "/libinterop.so"
    let modules = [
      Command.root() + "/SDK/CadreABI/include/module.modulemap",
      "\(build)/TensorKernels.build/module.modulemap",
    ]
    let compiled = try Command.run(
      "swiftc",
      [
        "-swift-version", "6", "-parse-as-library", "-emit-library", "-module-name", "Interop",
        "-I", "\(build)/Modules", "-o", library, Self.here + "/DLPackInterop.swift",
      ] + modules.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] } + objects)
    try #require(compiled.succeeded, "\(compiled.output)")
    return library
  }

  /// All files below a folder, by their paths in it.
  private func paths(in folder: String) throws -> [String] {
    let walk = try #require(FileManager.default.enumerator(atPath: folder))
    return walk.compactMap { $0 as? String }
  }

  private static func name(_ path: String) -> String {
    URL(fileURLWithPath: path).lastPathComponent
  }

  /// The shared Python; with torch, one of its own.
  private func interpreter(in folder: String) throws -> String {
    let shared = try #require(PythonEnvironment.interpreter)
    guard let wheel = ProcessInfo.processInfo.environment["CADRE_TORCH_WHEEL"] else {
      return shared
    }
    let python = folder + "/torch/bin/python3"
    let made = try Command.run(shared, ["-m", "venv", "--system-site-packages", folder + "/torch"])
    try #require(made.succeeded, "\(made.output)")
    let installed = try Command.run(
      python, ["-m", "pip", "install", "--quiet", "numpy>=2.1", wheel])
    try #require(installed.succeeded, "\(installed.output)")
    return python
  }

  @Test("numpy and the op table share memory both ways, and copy what they must")
  func sharing() throws {
    let folder = try Command.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Command.run(
      interpreter(in: folder), ["-B", Self.here + "/check_dlpack.py", library(in: folder)])
    #expect(outcome.succeeded && outcome.output.contains("ok"), "\(outcome.output)")
  }
}
