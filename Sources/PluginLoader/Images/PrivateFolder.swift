import ArtifactStore
import Glibc
import SystemShims

/// Folders that only this user can write to, so that what was checked there stays what it was.
enum PrivateFolder {
  /// Makes a folder with those above it, and takes others' rights from it.
  ///
  /// - Throws: `ArtifactError`; code `permission` where it belongs to another user.
  static func make(_ path: String) throws(ArtifactError) {
    try createFolderDurably(path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .system(errno, doing: "cannot look at", path: path)
    }
    guard status.st_uid == geteuid() else {
      throw ArtifactError(
        code: .permission, path: path, message: "\(path) belongs to another user",
        remedy: "set XDG_CACHE_HOME to a folder of your own")
    }
    guard status.st_mode & 0o077 != 0 else { return }
    guard chmod(path, 0o700) == 0 else {
      throw .system(errno, doing: "cannot take others' rights from", path: path)
    }
  }

  /// Makes a fresh folder in the place for temporary files.
  static func makeTemporary(environment: [String: String]) throws(ArtifactError) -> String {
    let base = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var template = Array("\(base)/cadre-images-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .system(errno, doing: "cannot create a folder in", path: base)
    }
    return String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
