import Glibc
import SystemShimsC

/// A program that is run to its end, with a limit on its time and on what is kept of its output.
///
/// It gets a process group of its own, no input, no descriptor but the three standard ones, and the
/// default signal handlers. When it ends, or its time is over, its whole group is killed, so that
/// nothing of it stays behind. (What leaves the group on purpose is out of reach; a program that
/// calls `ThisProcess.becomeDisposable` also dies with its parent.)
public struct ChildProcess: Sendable {
  /// What a child left.
  public struct Outcome: Hashable, Sendable {
    /// How it ended.
    public var ending: ProcessEnding
    /// Its standard output, up to the limit.
    public var output: [UInt8] = []
    /// Its standard error, up to the limit.
    public var errorOutput: [UInt8] = []
    /// Whether output or error output was longer than the limit.
    public var isCut = false
  }

  /// The path of the program; not searched in `PATH`.
  public var executable: String
  /// Its arguments without its own name.
  public var arguments: [String]
  /// Its whole environment.
  public var environment: [String: String]
  /// How long it may take.
  public var timeLimit: Duration
  /// How many bytes of output, and of error output, are kept.
  ///
  /// The rest is read and dropped.
  public var outputLimit: Int

  /// A program with its limits.
  public init(
    executable: String, arguments: [String], environment: [String: String], timeLimit: Duration,
    outputLimit: Int = 64 << 10
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.timeLimit = timeLimit
    self.outputLimit = outputLimit
  }

  /// Starts the program and waits for its end.
  ///
  /// Blocks the thread.
  ///
  /// - Throws: `SystemError` if it cannot be started or waited for.
  public func run() throws(SystemError) -> Outcome {
    let output = try Pipe()
    let errorOutput = try Pipe()
    let process = try start(output: output.writing, errorOutput: errorOutput.writing)
    output.closeWriting()
    errorOutput.closeWriting()
    var collector = OutputCollector(
      process: process, output: output.reading, errorOutput: errorOutput.reading,
      limit: outputLimit)
    let endedInTime = collector.collect(until: .now + timeLimit)
    // Before the child is waited for: until then its number, which is its group's, stays taken.
    kill(-process, SIGKILL)
    if !endedInTime { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else {
        throw .system(errno, doing: "cannot wait for", path: executable)
      }
    }
    let ending = endedInTime ? ProcessEnding(waitStatus: status) : .timedOut
    return Outcome(
      ending: ending, output: collector.streams[0].kept, errorOutput: collector.streams[1].kept,
      isCut: collector.streams.contains { $0.isCut })
  }

  private func start(output: Int32, errorOutput: Int32) throws(SystemError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
    _ = shim_spawn_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let arguments = CStrings([executable] + arguments)
    let environment = CStrings(environment.map { "\($0.key)=\($0.value)" })
    var process: pid_t = 0
    let failure = posix_spawn(
      &process, executable, &actions, &attributes, arguments.pointers, environment.pointers)
    guard failure == 0 else { throw .system(failure, doing: "cannot start", path: executable) }
    return process
  }
}

/// A pipe whose ends no other child inherits.
private final class Pipe {
  let reading: Int32
  let writing: Int32
  private var isWritingOpen = true

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard shim_pipe_cloexec(&ends) == 0 else {
      throw .system(errno, doing: "cannot make", path: "a pipe")
    }
    reading = ends[0]
    writing = ends[1]
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  func closeWriting() {
    if isWritingOpen { close(writing) }
    isWritingOpen = false
  }

  deinit {
    closeWriting()
    close(reading)
  }
}

/// Texts as the array of C strings that `exec` takes, with null at its end.
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    pointers = .allocate(capacity: count + 1)
    for (index, text) in texts.enumerated() { (pointers + index).initialize(to: strdup(text)) }
    (pointers + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { free(pointers[index]) }
    pointers.deallocate()
  }
}
