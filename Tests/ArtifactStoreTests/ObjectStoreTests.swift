import ArtifactStore
import Glibc
import Testing

@Suite struct ObjectStoreTests {
  let scratch: ScratchFolder
  let store: ObjectStore

  init() throws {
    scratch = try ScratchFolder()
    store = try ObjectStore(root: scratch.path + "/new/store/")
  }

  @Test("bytes are read back as they were stored, under their digest")
  func roundTrip() throws {
    let bytes = Array("hello".utf8)
    let digest = try store.put(bytes)
    #expect(digest == Digest(of: bytes))
    #expect(store.contains(digest))
    #expect(try store.read(digest) == bytes)
    #expect(try store.byteCount(of: digest) == 5)
    try store.verify(digest)
    #expect(
      store.path(of: digest)
        == "\(store.root)/objects/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))")
    #expect(try store.digests() == [digest])
  }

  @Test("an empty object and one over the size of the buffer are kept whole")
  func sizes() throws {
    let large = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try store.read(store.put([])) == [])
    #expect(try store.read(store.put(large)) == large)
  }

  @Test("parts that are streamed make the same object as the bytes at once")
  func streaming() throws {
    let digest = try store.put { writer in
      try writer.write(Array("hel".utf8))
      try writer.write(Array("lo".utf8))
      #expect(writer.byteCount == 5)
    }
    #expect(try digest == store.put(Array("hello".utf8)))
    #expect(try store.digests().count == 1)
  }

  @Test("a writer that fails half-way leaves nothing")
  func failingWriter() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try store.put { writer in
        try writer.write([1, 2, 3])
        throw Failure()
      }
    }
    #expect(scratch.listing() == ["new", "new/store", "new/store/objects", "new/store/tmp"])
  }

  @Test("a copy of a file is stored; a folder or a missing file is refused")
  func files() throws {
    try scratch.write(Array("hello".utf8), to: "input")
    #expect(try store.put(fileAt: scratch.path + "/input") == Digest(of: Array("hello".utf8)))
    let folder = try #require(throws: ArtifactError.self) { try store.put(fileAt: scratch.path) }
    #expect(folder.code == .wrongKind)
    let absent = try #require(throws: ArtifactError.self) {
      try store.put(fileAt: scratch.path + "/absent")
    }
    #expect(absent.code == .missing)
    #expect(absent.path == scratch.path + "/absent")
  }

  @Test("a missing object is named with the store that lacks it")
  func missing() throws {
    let digest = Digest(of: [1])
    let error = try #require(throws: ArtifactError.self) { try store.read(digest) }
    #expect(error.code == .missing)
    #expect(error.message.contains(digest.description) && error.message.contains(store.root))
    #expect(throws: ArtifactError.self) { try store.verify(digest) }
    #expect(!store.contains(digest))
  }

  @Test("an altered object is refused on reading and replaced on storing")
  func altered() throws {
    let bytes = Array("hello".utf8)
    let digest = try store.put(bytes)
    try corrupt(digest, with: Array("jello".utf8))
    let reading = try #require(throws: ArtifactError.self) { try store.read(digest) }
    #expect(reading.code == .corrupt && reading.path == store.path(of: digest))
    let checking = try #require(throws: ArtifactError.self) { try store.verify(digest) }
    #expect(checking == reading)

    #expect(try store.put(bytes) == digest)
    #expect(try store.read(digest) == bytes)
  }

  @Test("a truncated object is refused")
  func truncated() throws {
    let digest = try store.put(Array("hello".utf8))
    try corrupt(digest, with: [])
    let error = try #require(throws: ArtifactError.self) { try store.read(digest) }
    #expect(error.code == .corrupt)
  }

  @Test("objects are read-only files")
  func readOnlyFiles() throws {
    var status = stat()
    #expect(try lstat(store.path(of: store.put([7])), &status) == 0)
    #expect(status.st_mode & 0o222 == 0)
  }

  @Test("equal bytes stored by many threads at once make one whole object")
  func concurrent() async throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let store = store
    let digests = try await withThrowingTaskGroup(of: Digest.self) { group in
      for _ in 0..<16 { group.addTask { try store.put(bytes) } }
      return try await group.reduce(into: [Digest]()) { $0.append($1) }
    }
    #expect(digests == Array(repeating: Digest(of: bytes), count: 16))
    #expect(try store.read(Digest(of: bytes)) == bytes)
    #expect(try store.digests().count == 1)
    #expect(scratch.listing("/new/store/tmp") == [])
  }

  @Test("garbage collection removes what nobody refers to and spares what is young")
  func garbage() throws {
    let kept = try store.put([1])
    let dropped = try store.put([2, 2])
    let spared = try store.collectGarbage(keeping: [kept])
    #expect(spared.removed == [] && spared.keptCount == 2)
    let report = try store.collectGarbage(keeping: [kept], sparing: 0)
    #expect(report.removed == [dropped])
    #expect(report.removedByteCount == 2 && report.keptCount == 1)
    #expect(try store.digests() == [kept])
  }

  @Test("an object that is stored again counts as young")
  func usedAgain() throws {
    let digest = try store.put([1])
    var long = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, store.path(of: digest), &long, 0) == 0)
    _ = try store.put([1])
    #expect(try store.collectGarbage(keeping: []).keptCount == 1)
    #expect(utimensat(AT_FDCWD, store.path(of: digest), &long, 0) == 0)
    #expect(try store.collectGarbage(keeping: []).removed == [digest])
  }

  @Test("a store that is opened for reading must exist, and is not changed")
  func readOnlyStore() throws {
    let digest = try store.put([1])
    let before = scratch.listing()
    let reader = try ObjectStore(root: store.root, readOnly: true)
    #expect(try reader.read(digest) == [1])
    #expect(scratch.listing() == before)
    let error = try #require(throws: ArtifactError.self) {
      try ObjectStore(root: scratch.path + "/absent", readOnly: true)
    }
    #expect(error.code == .missing)
    #expect(!scratch.listing().contains("absent"))
  }

  private func corrupt(_ digest: Digest, with bytes: [UInt8]) throws {
    #expect(chmod(store.path(of: digest), 0o644) == 0)
    let file = try #require(fopen(store.path(of: digest), "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
