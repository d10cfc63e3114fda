import Glibc
import Testing

/// A folder that is removed with its content at the end of a test.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/cadre-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = try #require(fopen("\(path)/\(name)", "w"))
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }

  /// All paths below the folder, relative to it.
  func listing(_ inner: String = "") -> [String] {
    guard let stream = opendir(path + inner) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      found.append(String("\(inner)/\(name)".dropFirst()))
      found += listing("\(inner)/\(name)")
    }
    return found.sorted()
  }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    if let stream = opendir(path) {
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { remove("\(path)/\(name)") }
      }
      closedir(stream)
    }
    _ = rmdir(path)
  }
}

/// Runs a closure with the file rights of an ordinary user, also where the tests run as root.
///
/// Linux keeps the user that file access is checked against for each thread, so other tests are
/// not touched.
func withoutRootRights(_ body: () throws -> Void) throws {
  guard geteuid() == 0 else { return try body() }
  let symbol = try #require(dlsym(nil, "setfsuid"))
  let setFileUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> Int32).self)
  _ = setFileUser(65534)
  defer { _ = setFileUser(0) }
  try body()
}
