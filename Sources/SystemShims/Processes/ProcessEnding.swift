import Glibc

/// How a child process came to its end.
public enum ProcessEnding: Hashable, Sendable, CustomStringConvertible {
  /// It ended by itself with this status.
  case exited(Int32)
  /// This signal ended it.
  case signalled(Int32)
  /// It was killed when its time was over.
  case timedOut

  /// Reads the status of `waitpid`.
  init(waitStatus status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }

  /// In words: `ended with status 1`, `was ended by SIGSEGV (invalid memory access)`.
  public var description: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .signalled(let signal): "was ended by \(Self.name(ofSignal: signal))"
    case .timedOut: "did not end in time"
    }
  }

  /// The name of a signal with its meaning, where it has one of the usual causes.
  public static func name(ofSignal signal: Int32) -> String {
    switch signal {
    case SIGABRT: "SIGABRT (it aborted)"
    case SIGSEGV: "SIGSEGV (invalid memory access)"
    case SIGBUS: "SIGBUS (invalid memory access)"
    case SIGILL: "SIGILL (illegal instruction, or a trap of its own)"
    case SIGFPE: "SIGFPE (arithmetic fault)"
    case SIGTRAP: "SIGTRAP (a trap of its own)"
    case SIGSYS: "SIGSYS (forbidden system call)"
    case SIGKILL: "SIGKILL (killed from outside, perhaps for want of memory)"
    case SIGTERM: "SIGTERM"
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    case SIGQUIT: "SIGQUIT"
    case SIGPIPE: "SIGPIPE"
    case SIGALRM: "SIGALRM"
    case SIGXCPU: "SIGXCPU"
    case SIGXFSZ: "SIGXFSZ"
    case SIGUSR1: "SIGUSR1"
    case SIGUSR2: "SIGUSR2"
    default: "signal \(signal)"
    }
  }
}
