import Glibc

/// Paths as text: what the loader needs of them.
enum FilePath {
  /// The folder part: `.` if there is none.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// The folder with all links resolved, or as it is where it does not exist.
  static func resolved(_ folder: String) -> String {
    guard let target = realpath(folder, nil) else { return folder }
    defer { free(target) }
    return String(cString: target)
  }

  /// The names in a folder, sorted; nil where it cannot be listed (`errno` says why).
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
