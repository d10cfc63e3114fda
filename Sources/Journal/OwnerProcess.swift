import ArtifactStore

#if canImport(Glibc)
  import Glibc
#endif

/// A process that cannot be mistaken for another one: ids are given out again, but not with the
/// same time of start, and times of start repeat only after a restart of the machine.
struct OwnerProcess: Hashable, Sendable {
  /// The process's id.
  var pid: Int32
  /// A random text that the kernel draws at each start of the machine.
  var bootID: String
  /// When the process started, in the kernel's ticks since the machine's start.
  var startTicks: Int64

  /// This process.
  static let current = OwnerProcess(
    pid: getpid(), bootID: currentBootID, startTicks: startTicks(of: getpid()) ?? 0)

  /// Whether the process runs on this machine now.
  var isAlive: Bool {
    bootID == Self.currentBootID && Self.startTicks(of: pid) == startTicks
  }

  private static let currentBootID: String = {
    let bytes = (try? readFile("/proc/sys/kernel/random/boot_id")) ?? []
    return String(decoding: bytes.filter { $0 > UInt8(ascii: " ") }, as: UTF8.self)
  }()

  /// Field 22 of `/proc/PID/stat`; nil for a process that is gone or only waits for its parent.
  ///
  /// Field 2, the program's name, may hold blanks and parentheses, so fields are counted from the
  /// last parenthesis.
  private static func startTicks(of pid: Int32) -> Int64? {
    guard let bytes = try? readFile("/proc/\(pid)/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, fields[0] != [UInt8(ascii: "Z")][...] else { return nil }
    return Int64(String(decoding: fields[19], as: UTF8.self))
  }
}
