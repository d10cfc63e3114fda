import Glibc
import SystemShims

/// The program `cadre-probe`: it loads one library, says on one line what came of it, and ends.
///
///     cadre-probe LIBRARY PARENT
///
/// It is made to be lost: whatever the library does, only this process suffers.
public enum ProbeProgram {
  /// Runs the program and ends the process.
  ///
  /// - Parameter arguments: The library's path and the number of the process that asks, behind the
  ///   program's own name.
  public static func main(_ arguments: [String]) -> Never {
    guard arguments.count == 3, let parent = Int32(arguments[2]) else {
      let usage = "usage: cadre-probe LIBRARY PARENT (started by cadre, not by hand)\n"
      _ = usage.withCString { write(2, $0, strlen($0)) }
      _exit(64)
    }
    guard ThisProcess.becomeDisposable(parent: parent) else { _exit(1) }
    // What the library prints goes to the error output; the answer has a descriptor of its own.
    let answer = fcntl(1, F_DUPFD_CLOEXEC, 3)
    guard answer >= 0, dup2(2, 1) >= 0 else { _exit(70) }

    let report: ProbeReport
    do throws(Handshake.Failure) {
      report = .passed(try Handshake(opening: arguments[1]).callEntry().facts)
    } catch {
      report = .failed(error)
    }
    let line = Array((report.json + "\n").utf8)
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(answer, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { _exit(71) }
      rest = rest.dropFirst(count)
    }
    // No exit handlers and no destructors: those of the library are nobody's concern here.
    _exit(0)
  }
}
