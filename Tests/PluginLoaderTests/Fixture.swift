import Glibc
import SystemShims
import Testing

/// Small plug-ins in C, built while the tests run.
enum Fixture {
  static let compiler: String? = ["/usr/bin/cc", "/usr/local/bin/cc"]
    .first { access($0, X_OK) == 0 }
  static let noCompiler: Comment = "there is no C compiler at /usr/bin/cc"

  /// The headers, from this file's place in the repository.
  private static let headers: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/SDK/CadreABI/include"
  }()

  /// A plug-in that macros turn into a bad one.
  ///
  /// `MARK` tells builds apart: the process keeps one image a digest, so each test needs its own.
  private static let source = """
    #include <cadre/cadre.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <unistd.h>
    #ifndef ID
    #define ID "org.test.plugin"
    #endif
    #ifndef VERSION
    #define VERSION "1.2.3"
    #endif
    #ifndef SIZE
    #define SIZE CADRE_END_cadre_module_extension
    #endif
    #define TEXT(s) {s, sizeof(s) - 1}
    static cadre_error *open_agent(
        const cadre_module *self, const cadre_host *host, cadre_str config, cadre_agent **out) {
      (void)self; (void)host; (void)config; *out = 0; return 0;
    }
    static const cadre_module module = {
      SIZE, 0, TEXT(ID), TEXT(VERSION), TEXT("fixture " MARK), 0,
    #ifdef NO_OPEN
      0,
    #else
      open_agent,
    #endif
      0};
    #ifdef BEFORE
    __attribute__((constructor)) static void before(void) { BEFORE; }
    #endif
    #ifndef ENTRY
    #define ENTRY cadre_entry_0
    #endif
    __attribute__((visibility("default"))) const cadre_module *ENTRY(const cadre_boot *boot) {
      (void)open_agent; (void)module;
    #ifdef REFUSE
      static const char reason[] = REFUSE;
      boot->refuse(boot, (cadre_str){reason, sizeof reason - 1});
      return 0;
    #endif
      if (boot->magic != CADRE_BOOT_MAGIC || boot->minor != CADRE_ABI_MINOR) return 0;
    #ifdef RETURN
      return (const cadre_module *)(RETURN);
    #else
      return &module;
    #endif
    }
    """

  /// Builds a plug-in.
  ///
  /// - Parameter defines: Macros, `BEFORE=abort()`.
  static func build(
    _ output: String, mark: String, defines: [String] = [], flags: [String] = [],
    source: String = source
  ) throws {
    let file = output + ".c"
    try write(Array(source.utf8), to: file)
    defer { unlink(file) }
    try compile(
      ["-shared", "-fPIC", "-fvisibility=hidden", "-I", headers, "-DMARK=\"\(mark)\""]
        + defines.map { "-D\($0)" } + ["-o", output, file] + flags)
  }

  static func compile(_ arguments: [String]) throws {
    let child = ChildProcess(
      executable: try #require(compiler), arguments: arguments,
      environment: ThisProcess.environment, timeLimit: .seconds(120))
    let outcome = try child.run()
    try #require(
      outcome.ending == .exited(0), "\(String(decoding: outcome.errorOutput, as: UTF8.self))")
  }
}

func write(_ bytes: [UInt8], to path: String) throws {
  unlink(path)
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    try #require(count > 0)
    rest = rest.dropFirst(count)
  }
}

func read(_ path: String) throws -> [UInt8] { try readRegularFile(path, limit: 1 << 30) }
