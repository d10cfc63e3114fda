/// The list of installed libraries that `ldconfig` keeps in `/etc/ld.so.cache`.
///
/// Source of the format: glibc, `sysdeps/generic/dl-cache.h`, "glibc-ld.so.cache1.1".
public struct LoaderCache: Sendable {
  /// Library names with the paths where they stand, best first.
  public let paths: [String: [String]]

  /// A cache with given content.
  public init(paths: [String: [String]]) { self.paths = paths }

  /// The system's cache; empty where it is missing or has another format, as on musl.
  public static let system: LoaderCache = {
    guard let bytes = try? readRegularFile("/etc/ld.so.cache", limit: 256 << 20),
      let cache = try? LoaderCache(bytes: bytes, path: "/etc/ld.so.cache")
    else { return LoaderCache(paths: [:]) }
    return cache
  }()

  /// Reads the file's bytes.
  ///
  /// Entries for another machine are left out.
  ///
  /// - Throws: `SystemError` with code `damaged` where the format is another one or cut off.
  public init(bytes: [UInt8], path: String) throws(SystemError) {
    let view = ByteView(bytes: bytes, path: path)
    let start = try Self.start(view)
    let count = UInt64(try view.u32(at: start + 20, "the number of libraries"))
    try view.require(start + 48, count * 24, "the list of libraries")
    var paths: [String: [String]] = [:]
    for index in 0..<count {
      let at = start + 48 + index * 24
      guard try view.u32(at: at, "a library's flags") == Self.hostFlags else { continue }
      let name = start + UInt64(try view.u32(at: at + 4, "a library's name"))
      let place = start + UInt64(try view.u32(at: at + 8, "a library's path"))
      let key = try view.text(at: name, end: view.count, limit: 4096, "a library's name")
      let value = try view.text(at: place, end: view.count, limit: 4096, "a library's path")
      paths[String(decoding: key, as: UTF8.self), default: []].append(
        String(decoding: value, as: UTF8.self))
    }
    self.paths = paths
  }

  /// Where the present format starts: at once, or behind the old one, which ends aligned to 8.
  private static func start(_ view: ByteView) throws(SystemError) -> UInt64 {
    let magic = Array("glibc-ld.so.cache1.1".utf8)
    if view.bytes.starts(with: magic) { return 0 }
    if view.bytes.starts(with: Array("ld.so-1.7.0".utf8)) {
      let old = 16 + UInt64(try view.u32(at: 12, "the number of libraries")) * 12
      let start = (old + 7) & ~7
      try view.require(start, 48, "the second part")
      if view.bytes[Int(start)...].starts(with: magic) { return start }
    }
    throw .damaged(view.path, "it is no cache of the format glibc-ld.so.cache1.1")
  }

  /// "libc6", 64 bit, this machine.
  private static var hostFlags: UInt32 {
    #if arch(x86_64)
      0x0303
    #elseif arch(arm64)
      0x0A03
    #else
      0x0003
    #endif
  }
}
