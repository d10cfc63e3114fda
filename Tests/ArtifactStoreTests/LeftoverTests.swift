import Glibc
import Testing

@testable import ArtifactStore

@Suite struct LeftoverTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("opening a store removes what a dead writer left and keeps what a living one writes")
  func leftovers() throws {
    let store = try ObjectStore(root: scratch.path)
    // The same state as after a kill: the file is there and nobody holds its lock.
    try scratch.write([1, 2], to: "tmp/.object.4194305-1.cadre-tmp")
    try createFolderDurably(scratch.path + "/tmp/.folder.4194305-2.cadre-tmp/inner")
    try scratch.write([1], to: "tmp/stranger")

    let digest = try store.put { writer in
      try writer.write([1])
      #expect(scratch.listing("/tmp").count == 5)
      _ = try ObjectStore(root: scratch.path)
      #expect(scratch.listing("/tmp").count == 2)
      try writer.write([2])
    }
    #expect(try store.read(digest) == [1, 2])
    #expect(scratch.listing("/tmp") == ["tmp/stranger"])
  }

  @Test("a temporary file goes with its owner's scope unless it was published")
  func scope() throws {
    let path: String
    do {
      let entry = try TemporaryEntry.file(in: scratch.path, for: "x", mode: 0o600)
      path = entry.path
      #expect(access(path, F_OK) == 0)
    }
    #expect(access(path, F_OK) != 0)
    #expect(path.contains(".\(getpid())-"))
  }

  @Test("removing leftovers of a folder that is not there is an error")
  func absent() throws {
    let error = try #require(throws: ArtifactError.self) {
      try removeLeftovers(in: scratch.path + "/absent")
    }
    #expect(error.code == .missing)
  }
}
