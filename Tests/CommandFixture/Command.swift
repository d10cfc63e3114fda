import Foundation

/// Runs a program for a test: a compiler, `make`, Python.
public struct Command {
  /// What a program said.
  public struct Outcome {
    /// The exit status; 128 plus the number for a signal.
    public let status: Int32
    /// Standard output and error together.
    public let output: String

    /// Whether it went well.
    public var succeeded: Bool { status == 0 }
  }

  /// The path of a program in the search path, or nil.
  public static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - program: a path, or a name in the search path.
  ///   - arguments: its arguments.
  ///   - folder: where it runs; nil: where the test runs.
  /// - Throws: when there is no such program.
  public static func run(
    _ program: String, _ arguments: [String], in folder: String? = nil
  ) throws -> Outcome {
    guard let path = program.contains("/") ? program : find(program) else {
      throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: program])
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (signalled ? 128 : 0),
      output: String(decoding: output, as: UTF8.self))
  }

  /// The repository's root, seen from a test file two folders below it.
  public static func root(of file: String = #filePath) -> String {
    var url = URL(fileURLWithPath: file).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }

  /// A fresh folder that a test removes.
  public static func scratchFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("cadre-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }
}
