import Foundation

/// A running contender.
final class ContenderProcess {
  /// One round's times, in seconds a call.
  struct Timing: Codable {
    let calls: Int
    let min: Double
    let median: Double
  }

  private struct Answer: Codable {
    var about: String?
    var missing: String?
    var calls: Int?
    var min: Double?
    var median: Double?
  }

  /// What it says of itself.
  let about: String
  private let process = Process()
  private let input = Pipe()
  private let output: UnsafeMutablePointer<FILE>

  init(_ contender: Contender, threads: Int, folders: Folders) throws(BenchError) {
    if let reason = contender.missing(in: folders) { throw BenchError(reason) }
    let command = contender.command(in: folders)
    let answers = Pipe()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst()) + ["--threads", String(threads)]
    process.environment = contender.environment(threads: threads, in: folders)
    process.standardInput = input
    process.standardOutput = answers
    do { try process.run() } catch { throw BenchError("did not start: \(error)") }
    guard let file = fdopen(dup(answers.fileHandleForReading.fileDescriptor), "r") else {
      throw BenchError("no stream of its output")
    }
    output = file
    about = try Self.answer(output).about ?? ""
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    fclose(output)
  }

  /// Has a case done again and again.
  ///
  /// - Throws: `BenchError` where it does not do this one, or has died.
  func time(_ words: String, seconds: Double) throws(BenchError) -> Timing {
    do {
      try input.fileHandleForWriting.write(contentsOf: Data("\(seconds) \(words)\n".utf8))
    } catch { throw BenchError("died") }
    let answer = try Self.answer(output)
    if let reason = answer.missing { throw BenchError(reason) }
    guard let calls = answer.calls, let min = answer.min, let median = answer.median else {
      throw BenchError("answered without times")
    }
    return Timing(calls: calls, min: min, median: median)
  }

  private static func answer(_ file: UnsafeMutablePointer<FILE>) throws(BenchError) -> Answer {
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    guard getline(&line, &capacity, file) > 0, let line else { throw BenchError("died") }
    let text = String(cString: line)
    do { return try JSONDecoder().decode(Answer.self, from: Data(text.utf8)) } catch {
      throw BenchError("answered \(text)")
    }
  }
}

/// Why something was not measured.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
