import Glibc
import SystemShimsC

/// Reads a child's two output streams until the child ends or its time is over.
struct OutputCollector {
  struct Stream {
    let descriptor: Int32
    var kept: [UInt8] = []
    var isCut = false
    var isOpen = true
  }

  private let process: pid_t
  private let limit: Int
  private(set) var streams: [Stream]
  private var part = [UInt8](repeating: 0, count: 16 << 10)

  init(process: pid_t, output: Int32, errorOutput: Int32, limit: Int) {
    self.process = process
    self.limit = limit
    streams = [Stream(descriptor: output), Stream(descriptor: errorOutput)]
  }

  /// Collects.
  ///
  /// The end of the child counts, not the end of its output: a grandchild may hold the pipes open.
  ///
  /// - Returns: Whether the child ended before `deadline`; it is not waited for.
  mutating func collect(until deadline: ContinuousClock.Instant) -> Bool {
    // Readable when the child ends. Without it (an old kernel) the child is asked every 5 ms.
    let watch = shim_pidfd_open(process)
    defer { if watch >= 0 { close(watch) } }
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return hasEnded }
      var polled = streams.filter(\.isOpen)
        .map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      if watch >= 0 { polled.append(pollfd(fd: watch, events: Int16(POLLIN), revents: 0)) }
      let milliseconds = left / .milliseconds(1)
      let wait = min(milliseconds.rounded(.up), watch >= 0 ? 60_000 : 5)
      _ = poll(&polled, nfds_t(polled.count), Int32(wait))
      drain()
      if hasEnded {
        drain()
        return true
      }
    }
  }

  /// Whether the child is over but still to be waited for.
  private var hasEnded: Bool {
    var information = siginfo_t()
    let answer = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    // An error means that there is nothing to wait for: the host ignores SIGCHLD.
    return answer != 0 && errno != EINTR || information.si_signo != 0
  }

  /// Takes what is there without waiting.
  private mutating func drain() {
    for index in streams.indices where streams[index].isOpen {
      // Bounded, so that a child that writes without end cannot keep this loop from the clock.
      for _ in 0..<64 {
        let descriptor = streams[index].descriptor
        let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EAGAIN { break }
        if count <= 0 {
          streams[index].isOpen = false
          break
        }
        let room = max(0, limit - streams[index].kept.count)
        streams[index].kept += part[..<min(count, room)]
        if count > room { streams[index].isCut = true }
      }
    }
  }
}
