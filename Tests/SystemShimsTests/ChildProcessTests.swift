import Glibc
import Testing

@testable import SystemShims

struct ChildProcessTests {
  private func shell(
    _ script: String, limit: Duration = .seconds(60), outputLimit: Int = 1000
  ) throws -> ChildProcess.Outcome {
    try ChildProcess(
      executable: "/bin/sh", arguments: ["-c", script], environment: ["GREETING": "hello"],
      timeLimit: limit, outputLimit: outputLimit
    ).run()
  }

  @Test("status and both outputs come back; the environment is the given one")
  func outputs() throws {
    let outcome = try shell("echo $GREETING $HOME; echo oops >&2; exit 3")
    #expect(outcome.ending == .exited(3))
    #expect(outcome.output == Array("hello\n".utf8))
    #expect(outcome.errorOutput == Array("oops\n".utf8))
    #expect(!outcome.isCut)
  }

  @Test("a signal is told from a status, by name")
  func signals() throws {
    let outcome = try shell("kill -ABRT $$")
    #expect(outcome.ending == .signalled(SIGABRT))
    #expect("\(outcome.ending)".contains("SIGABRT"))
  }

  @Test("output beyond the limit is dropped, and the program still ends by itself")
  func bounded() throws {
    let outcome = try shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done")
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.count == 1000 && outcome.isCut)
  }

  @Test("it has no input, and no descriptor of ours")
  func descriptors() throws {
    #expect(try shell("cat; echo end").output == Array("end\n".utf8))
    let inherited = open("/dev/null", O_RDONLY)
    try #require(inherited >= 0)
    defer { close(inherited) }
    let outcome = try shell("[ -e /proc/self/fd/\(inherited) ] && echo open")
    #expect(outcome.output.isEmpty)
  }

  @Test("when its time is over it is killed, with its children")
  func timeLimit() throws {
    let folder = try Folder()
    let pipe = "\(folder.path)/pipe"
    mkfifo(pipe, 0o600)
    let reading = open(pipe, O_RDONLY | O_NONBLOCK)
    try #require(reading >= 0)
    defer { close(reading) }
    let script = "exec 9>\(pipe); (trap '' TERM; sleep 30; echo survived >&9) & wait"
    let outcome = try shell(script, limit: .milliseconds(300))
    #expect(outcome.ending == .timedOut)
    // The end of the pipe comes when its last writer is gone: at once, or with a word from the child.
    _ = fcntl(reading, F_SETFL, 0)
    var buffer = [UInt8](repeating: 0, count: 100)
    #expect(read(reading, &buffer, buffer.count) == 0)
  }

  @Test("a child left behind holds nothing up and does not outlive its parent")
  func leftBehind() throws {
    let outcome = try shell("sleep 600 & echo done")
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output == Array("done\n".utf8))
  }

  @Test("a program that does not exist is an error that names it")
  func missing() {
    let child = ChildProcess(
      executable: "/no/such/program", arguments: [], environment: [:], timeLimit: .seconds(1))
    let error = #expect(throws: SystemError.self) { try child.run() }
    #expect(error?.message.contains("/no/such/program") == true)
  }

  @Test("the terminal's width is unknown where there is no terminal")
  func terminal() throws {
    let null = open("/dev/null", O_RDONLY)
    defer { close(null) }
    #expect(!Terminal.isTerminal(null))
    #expect(Terminal.width(null) == nil)
  }

  @Test("the executable and the environment are this process's")
  func thisProcess() throws {
    #expect(access(try #require(ThisProcess.executable), X_OK) == 0)
    setenv("CADRE_TEST_VARIABLE", "a=b", 1)
    #expect(ThisProcess.environment["CADRE_TEST_VARIABLE"] == "a=b")
  }
}
