import CommandFixture
import Foundation
import Testing

/// A compiler with the arguments that make it check the headers' own language.
struct HeaderCompiler: Sendable, CustomTestStringConvertible {
  let program: String
  let language: String
  let standard: String

  var testDescription: String { "\(program) -std=\(standard)" }

  static let all = [
    HeaderCompiler(program: "clang", language: "c", standard: "c11"),
    HeaderCompiler(program: "gcc", language: "c", standard: "c11"),
    HeaderCompiler(program: "clang++", language: "c++", standard: "c++17"),
    HeaderCompiler(program: "g++", language: "c++", standard: "c++17"),
  ]

  /// Those that this machine has; Swift's own toolchain brings clang.
  static let present = all.filter { Command.find($0.program) != nil }

  func check(_ file: String, include: String) throws -> Command.Outcome {
    try Command.run(
      program,
      [
        "-x", language, "-std=\(standard)", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
        "-fsyntax-only", "-I", include, file,
      ])
  }
}

@Suite struct HeaderTests {
  private static let include = Command.root() + "/SDK/CadreABI/include"

  private static let headers: [String] = {
    let walk = FileManager.default.enumerator(atPath: include)
    return (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".h") }.sorted()
  }()

  @Test("a C and a C++ compiler are there to check with")
  func compilers() {
    #expect(HeaderCompiler.present.contains { $0.language == "c" })
    #expect(HeaderCompiler.present.contains { $0.language == "c++" })
    #expect(Self.headers.count > 20)
  }

  @Test(
    "every header compiles by itself, pedantic, without a warning",
    arguments: HeaderCompiler.present)
  func compiles(compiler: HeaderCompiler) throws {
    let folder = try Command.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for header in Self.headers {
      // Twice, so that a missing guard shows; by itself, so that a missing include does.
      let source = "#include <\(header)>\n#include <\(header)>\nint main(void) { return 0; }\n"
      let file = folder + "/header.\(compiler.language == "c" ? "c" : "cpp")"
      try source.write(toFile: file, atomically: true, encoding: .utf8)
      let outcome = try compiler.check(file, include: Self.include)
      #expect(outcome.succeeded, "\(header):\n\(outcome.output)")
    }
  }

  @Test(
    "every field ends where its constant says",
    arguments: HeaderCompiler.present.filter { $0.language == "c" })
  func ends(compiler: HeaderCompiler) throws {
    let assertions = Command.root() + "/SDK/CadreABI/ends.c"
    let outcome = try compiler.check(assertions, include: Self.include)
    #expect(outcome.succeeded, "\(outcome.output)")
  }

  @Test("a constant that is off by one is caught by the assertions")
  func endsCanFail() throws {
    let compiler = try #require(HeaderCompiler.present.first { $0.language == "c" })
    let folder = try Command.scratchFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = """
      #include <cadre/cadre.h>
      _Static_assert(offsetof(cadre_port, device) + sizeof(((cadre_port *)0)->device) + 1 ==
                     CADRE_END_cadre_port_device, "off by one");
      """
    try source.write(toFile: folder + "/off.c", atomically: true, encoding: .utf8)
    let outcome = try compiler.check(folder + "/off.c", include: Self.include)
    #expect(!outcome.succeeded)
    #expect(outcome.output.contains("off by one"))
  }

  @Test("the constants are those of the headers, no field forgotten")
  func fresh() throws {
    let script = Command.root() + "/Scripts/generate_ends.py"
    let outcome = try Command.run("python3", [script, "--check"])
    #expect(outcome.succeeded, "\(outcome.output)")
  }

  @Test("an entry in C and in C++ has the name that the host looks for")
  func entry() throws {
    for compiler in HeaderCompiler.present {
      let folder = try Command.scratchFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let file = folder + "/entry.\(compiler.language == "c" ? "c" : "cpp")"
      let source = """
        #include <cadre/cadre.h>
        CADRE_ENTRY(const cadre_boot *boot) { (void)boot; return 0; }
        cadre_entry checked = cadre_entry_0;
        """
      try source.write(toFile: file, atomically: true, encoding: .utf8)
      let outcome = try Command.run(
        compiler.program,
        [
          "-std=\(compiler.standard)", "-Wall", "-Werror", "-c", "-I", Self.include, file, "-o",
          folder + "/entry.o",
        ])
      #expect(outcome.succeeded, "\(compiler.program):\n\(outcome.output)")
      guard Command.find("nm") != nil else { continue }
      let symbols = try Command.run("nm", ["-g", folder + "/entry.o"])
      #expect(symbols.output.contains(" T cadre_entry_0\n"), "\(symbols.output)")
    }
  }
}
