import Glibc
import SystemShimsC

/// Facts about the running process.
public enum ThisProcess {
  /// The path of the executable, or nil where `/proc` is not mounted.
  public static var executable: String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The environment as it is now.
  ///
  /// Bytes that are not UTF-8 come out repaired.
  public static var environment: [String: String] {
    var result: [String: String] = [:]
    guard var entry = shim_environment() else { return result }
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let sign = pair.firstIndex(of: "=") {
        result[String(pair[..<sign])] = String(pair[pair.index(after: sign)...])
      }
      entry += 1
    }
    return result
  }

  /// Asks the kernel to kill this process when its parent dies, and forbids core dumps.
  ///
  /// For a child that runs foreign code: called first, before that code gets a chance.
  ///
  /// - Parameter parent: The expected parent; if it died before the request, false is returned and
  ///   the caller should end.
  public static func becomeDisposable(parent: Int32) -> Bool {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    _ = shim_die_with_parent()
    return getppid() == parent
  }
}
