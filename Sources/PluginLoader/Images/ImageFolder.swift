import ArtifactStore
import Glibc
import SystemShims

/// The folder of private copies: each library under its SHA-256, so that no path ever stands for two
/// libraries.
///
/// `dlopen` would give the old one for a path that it knows.
final class ImageFolder {
  let path: String
  private let isTemporary: Bool

  // An image a build of a plug-in: a week of work, and at a few MB each no burden to a disk.
  private static let keptImages = 64

  /// Opens `images` in the cache, or, where that cannot be written, a temporary folder that goes
  /// with this object; what is loaded from it stays loaded.
  ///
  /// - Throws: `PluginError` with code `staging`, `library` named as the one that cannot be staged.
  init(
    cacheFolder: String?, environment: [String: String], for library: String
  ) throws(PluginError) {
    if let cacheFolder, (try? PrivateFolder.make("\(cacheFolder)/images")) != nil {
      path = "\(cacheFolder)/images"
      isTemporary = false
      return
    }
    do {
      path = try PrivateFolder.makeTemporary(environment: environment)
      isTemporary = true
    } catch {
      throw Self.error(error, library)
    }
  }

  deinit {
    guard isTemporary else { return }
    for name in FilePath.names(in: path) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  func path(of digest: Digest) -> String { "\(path)/\(digest.hex).so" }

  /// Whether an image stands there already, whole: its bytes are read and compared.
  ///
  /// One that is damaged is removed.
  func holds(_ digest: Digest) -> Bool {
    let path = path(of: digest)
    guard access(path, F_OK) == 0 else { return false }
    guard let found = try? digestOfFile(path), found == digest else {
      unlink(path)
      return false
    }
    // The time of its last use decides what is thrown away first.
    utimensat(AT_FDCWD, path, nil, 0)
    return true
  }

  /// Writes bytes to a new file under a passing name.
  func copy(_ bytes: [UInt8], _ digest: Digest, for library: String) throws(PluginError)
    -> ImageCopy
  {
    do throws(ArtifactError) {
      if !isTemporary { try removeLeftovers(in: path) }
      return try ImageCopy(bytes, digest, folder: path)
    } catch {
      throw Self.error(error, library)
    }
  }

  /// Gives a copy its lasting name, reads it back and compares.
  func publish(_ copy: ImageCopy, _ digest: Digest, for library: String) throws(PluginError) {
    let path = path(of: digest)
    do throws(ArtifactError) {
      try copy.publish(at: path)
      let found = try digestOfFile(path)
      guard found == digest else {
        unlink(path)
        throw ArtifactError(
          code: .corrupt, path: path, message: "\(path) came out with the digest \(found)",
          remedy: "check the disk")
      }
    } catch {
      throw Self.error(error, library)
    }
    removeOldest()
  }

  func remove(_ digest: Digest) { unlink(path(of: digest)) }

  /// Keeps the images that were used last.
  ///
  /// A removed one that some process has loaded stays loaded.
  private func removeOldest() {
    var images: [(path: String, used: Int)] = []
    for name in FilePath.names(in: path) ?? [] where name.hasSuffix(".so") {
      var status = stat()
      if lstat("\(path)/\(name)", &status) == 0 {
        images.append(("\(path)/\(name)", status.st_mtim.tv_sec))
      }
    }
    guard images.count > Self.keptImages else { return }
    images.sort { $0.used > $1.used }
    for image in images.dropFirst(Self.keptImages) { unlink(image.path) }
  }

  private static func error(_ error: ArtifactError, _ library: String) -> PluginError {
    PluginError(
      .staging, file: library, "no private copy of \(library) can be made: \(error.message)",
      remedy: error.remedy)
  }
}
