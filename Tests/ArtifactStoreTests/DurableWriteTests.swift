import Glibc
import Testing

@testable import ArtifactStore

@Suite struct DurableWriteTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("a file is replaced whole and nothing else stays")
  func replaces() throws {
    let path = scratch.path + "/file"
    try writeFileDurably(path, Array("long old content".utf8))
    try writeFileDurably(path, Array("new".utf8), mode: 0o600)
    #expect(try readFile(path) == Array("new".utf8))
    #expect(try digestOfFile(path) == Digest(of: Array("new".utf8)))
    #expect(scratch.listing() == ["file"])
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("a name of 255 bytes can be written")
  func longName() throws {
    let path = scratch.path + "/" + String(repeating: "é", count: 127)
    try writeFileDurably(path, [1])
    #expect(try readFile(path) == [1])
  }

  @Test("a folder in the file's place is refused and nothing stays behind")
  func folderInTheWay() throws {
    try createFolderDurably(scratch.path + "/place/inner")
    let error = try #require(throws: ArtifactError.self) {
      try writeFileDurably(scratch.path + "/place", [1])
    }
    #expect(error.code == .wrongKind)
    #expect(scratch.listing() == ["place", "place/inner"])
  }

  @Test("a folder that this user may not write to is named with a remedy")
  func unwritable() throws {
    #expect(chmod(scratch.path, 0o555) == 0)
    try withoutRootRights {
      let writing = try #require(throws: ArtifactError.self) {
        try writeFileDurably(scratch.path + "/file", [1])
      }
      #expect(writing.code == .permission)
      #expect(writing.message.contains(scratch.path))
      #expect(writing.description.contains("grant this user access"))
      let opening = try #require(throws: ArtifactError.self) {
        try ObjectStore(root: scratch.path + "/store")
      }
      #expect(opening.code == .permission)
      #expect(opening.path == scratch.path + "/store")
    }
    #expect(scratch.listing() == [])
    #expect(chmod(scratch.path, 0o755) == 0)
  }

  @Test("a full disk is told as such")
  func fullDisk() throws {
    let full = try OpenFile("/dev/full", flags: O_WRONLY, doing: "cannot open")
    let error = try #require(throws: ArtifactError.self) {
      try full.writeAll([1, 2, 3].span.bytes)
    }
    #expect(error.code == .noSpace)
    #expect(error.path == "/dev/full")
    #expect(error.remedy.contains("free space"))
  }

  @Test("a missing parent, and a file in the place of a parent, are refused")
  func parents() throws {
    try scratch.write([1], to: "file")
    let missing = try #require(throws: ArtifactError.self) {
      try writeFileDurably(scratch.path + "/absent/file", [1])
    }
    #expect(missing.code == .missing)
    let inTheWay = try #require(throws: ArtifactError.self) {
      try createFolderDurably(scratch.path + "/file/inner")
    }
    #expect(inTheWay.code == .wrongKind)
  }

  @Test("a file over the limit is refused, a pipe is refused without waiting for a writer")
  func reading() throws {
    try scratch.write([1, 2, 3], to: "file")
    #expect(try readFile(scratch.path + "/file", limit: 3) == [1, 2, 3])
    #expect(throws: ArtifactError.self) { try readFile(scratch.path + "/file", limit: 2) }
    #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
    let error = try #require(throws: ArtifactError.self) { try readFile(scratch.path + "/pipe") }
    #expect(error.code == .wrongKind)
  }

  @Test("a folder appears with all its content")
  func folder() throws {
    try writeFolderDurably(scratch.path + "/made/") { inside in
      #expect(!scratch.listing().contains("made"))
      try writeFileDurably(inside + "/a", [1])
      try createFolderDurably(inside + "/b/c")
    }
    #expect(scratch.listing() == ["made", "made/a", "made/b", "made/b/c"])
  }

  @Test("a folder whose filling fails leaves nothing; one that stands already is kept")
  func folderFailures() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try writeFolderDurably(scratch.path + "/made") { inside in
        try writeFileDurably(inside + "/a", [1])
        throw Failure()
      }
    }
    #expect(scratch.listing() == [])

    try createFolderDurably(scratch.path + "/old/content")
    let error = try #require(throws: ArtifactError.self) {
      try writeFolderDurably(scratch.path + "/old") { try writeFileDurably($0 + "/a", [1]) }
    }
    #expect(error.code == .exists)
    #expect(scratch.listing() == ["old", "old/content"])
  }
}
