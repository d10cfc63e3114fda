/// The instruction set extensions of this machine, by the names of `/proc/cpuinfo`.
public struct CpuFeatures: Hashable, Sendable {
  /// The names as the kernel writes them: `avx2`, `avx512f`, `avx512_bf16`.
  public let names: Set<String>
  private let plainNames: Set<String>

  /// Features by name.
  public init(names: Set<String>) {
    self.names = names
    plainNames = Set(names.map(Self.plain))
  }

  /// What the kernel says of this machine; it leaves out what it does not support itself.
  ///
  /// Without a readable `/proc/cpuinfo` the set is empty.
  public static let current: CpuFeatures = {
    guard let bytes = try? readRegularFile("/proc/cpuinfo", limit: 16 << 20) else {
      return CpuFeatures(names: [])
    }
    return CpuFeatures(cpuinfo: String(decoding: bytes, as: UTF8.self))
  }()

  /// Reads the text of `/proc/cpuinfo`: its first line of `flags` (x86) or `Features` (ARM).
  public init(cpuinfo text: String) {
    for line in text.split(separator: "\n") {
      guard line.hasPrefix("flags") || line.hasPrefix("Features"),
        let colon = line.firstIndex(of: ":")
      else { continue }
      self.init(
        names: Set(line[line.index(after: colon)...].split(separator: " ").map(String.init)))
      return
    }
    self.init(names: [])
  }

  /// Whether the machine has the feature; case and underscores do not matter, because compilers say
  /// `avx512bf16` where the kernel says `avx512_bf16`.
  public func contains(_ name: String) -> Bool { plainNames.contains(Self.plain(name)) }

  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "_" && $0 != "." && $0 != "-" })
  }
}
