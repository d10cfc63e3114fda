import Glibc
import SystemShims
import Testing

/// The system's C compiler, for fixtures that are made while the tests run.
enum Compiler {
  static let path: String? = ["/usr/bin/cc", "/usr/local/bin/cc"].first { access($0, X_OK) == 0 }
  static let isMissing: Comment = "there is no C compiler at /usr/bin/cc"

  /// Builds a shared library from C text.
  static func build(_ source: String, _ flags: [String], to output: String) throws {
    let file = output + ".c"
    try write(Array(source.utf8), to: file)
    let child = ChildProcess(
      executable: try #require(path),
      arguments: ["-shared", "-fPIC", "-o", output, file] + flags,
      environment: ThisProcess.environment, timeLimit: .seconds(60))
    let outcome = try child.run()
    try #require(
      outcome.ending == .exited(0), "\(String(decoding: outcome.errorOutput, as: UTF8.self))")
    unlink(file)
  }
}

/// A folder of its own for one test, removed at its end.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/cadre-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    let path = path
    _ = try? ChildProcess(
      executable: "/bin/rm", arguments: ["-rf", path], environment: [:], timeLimit: .seconds(60)
    ).run()
  }
}

func write(_ bytes: [UInt8], to path: String) throws {
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

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
