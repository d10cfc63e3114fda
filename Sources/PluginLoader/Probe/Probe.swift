import Glibc
import SystemShims

/// Loads a library for the first time in a child process, where it can do no harm.
struct Probe {
  let program: String
  let timeLimit: Duration
  let environment: [String: String]

  /// Tries a private copy.
  ///
  /// - Parameters:
  ///   - copy: The copy's path.
  ///   - library: The plug-in's own path, for messages.
  /// - Throws: `PluginError` that says what the library did.
  func run(_ copy: String, for library: String) throws(PluginError) -> Handshake.Facts {
    var environment = environment
    // Swift's own crash reporter can outlive the child and hold its output open.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let child = ChildProcess(
      executable: program, arguments: [copy, String(getpid())], environment: environment,
      timeLimit: timeLimit)
    let outcome: ChildProcess.Outcome
    do {
      outcome = try child.run()
    } catch {
      throw PluginError(
        .probe, file: library, "\(library) could not be tried out: \(error.message)",
        remedy: "put cadre-probe beside the program, as its build and its installation do")
    }
    switch outcome.ending {
    case .exited(0):
      switch ProbeReport(json: outcome.output) {
      case .passed(let facts): return facts
      case .failed(let failure): throw failure.error(for: library)
      case nil: throw crashed(library, "ended the process by itself", outcome)
      }
    case .exited(let status):
      throw crashed(library, "ended the process by itself with status \(status)", outcome)
    case .signalled(let signal):
      let name = ProcessEnding.name(ofSignal: signal)
      throw crashed(library, "crashed while it was loaded: the probe was ended by \(name)", outcome)
    case .timedOut:
      throw PluginError(
        .timedOut, file: library,
        "\(library) did not finish loading within \(timeLimit); a constructor or its entry hangs"
          + Self.lastWords(outcome),
        remedy: "report it to the plug-in's author, and remove it from the plug-in folder")
    }
  }

  private func crashed(
    _ library: String, _ what: String, _ outcome: ChildProcess.Outcome
  ) -> PluginError {
    PluginError(
      .crashed, file: library, "\(library) \(what)\(Self.lastWords(outcome))",
      remedy: "build it again for this system or report it to its author, and remove it from the "
        + "plug-in folder")
  }

  /// The last line of the error output, fit to be printed.
  private static func lastWords(_ outcome: ChildProcess.Outcome) -> String {
    let lines = outcome.errorOutput.split(separator: UInt8(ascii: "\n"))
    guard let last = lines.last else { return "" }
    let text = String(decoding: last.suffix(200), as: UTF8.self).unicodeScalars
      .filter { $0.value >= 0x20 && $0.value != 0x7F }
    return text.isEmpty ? "" : "; it last said: \(String(String.UnicodeScalarView(text)))"
  }
}
