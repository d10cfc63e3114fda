import ArtifactStore
import Glibc
import Testing

@testable import PluginLoader

@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct TrustTests {
  @Test("an untrusted plug-in is refused with the command that trusts it; then it loads")
  func trust() throws {
    let bench = try Bench()
    let path = try bench.add("libit's mine.so", trusted: false)
    let error = bench.expectRefusal(path, .untrusted)
    #expect(
      error?.remedy.contains("`cadre trust add '\(bench.plugins)/libit'\\''s mine.so'`") == true)
    let loader = bench.loader
    #expect(try loader.inspect(loader.candidate(at: path)).trust == .none)
    let digest = try loader.trust(path, note: "mine")
    #expect(try loader.inspect(loader.candidate(at: path)).trust == .user(note: "mine"))
    let image = try bench.load(path)
    #expect(image.digest == digest.description)
  }

  @Test("an untrusted plug-in never runs, not even in the probe")
  func neverRuns() throws {
    let bench = try Bench()
    let witness = "\(bench.root)/ran"
    let path = try bench.add(
      "libplugin.so", ["BEFORE=fclose(fopen(\"\(witness)\",\"w\"))"], trusted: false)
    bench.expectRefusal(path, .untrusted)
    #expect(access(witness, F_OK) != 0)
    _ = try bench.loader.trust(path)
    _ = try bench.load(path)
    #expect(access(witness, F_OK) == 0)
  }

  @Test("entries are added, changed, listed and removed, and the file is the user's alone")
  func list() throws {
    let bench = try Bench()
    let list = try bench.loader.trustList()
    let (a, b) = (Digest(of: [1]), Digest(of: [2]))
    #expect(try list.entries() == [])
    try list.add(a, note: "first \"quoted\"")
    try list.add(b, note: "second")
    try list.add(a, note: "changed")
    #expect(try list.entries().map(\.note) == ["changed", "second"])
    #expect(try list.note(of: b) == "second")
    #expect(try list.remove(a))
    #expect(try !list.remove(a))
    #expect(try list.entries().map(\.digest) == [b])
    var status = stat()
    #expect(stat(list.file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    try list.add(a, note: String(repeating: "ä", count: 10_000))
    #expect(try list.entries().count == 2)
  }

  @Test("many writers at once lose nothing")
  func concurrent() async throws {
    let bench = try Bench()
    let list = try bench.loader.trustList()
    try await withThrowingTaskGroup { group in
      for number in 0..<20 as Range<UInt8> {
        group.addTask { try list.add(Digest(of: [number]), note: "\(number)") }
      }
      try await group.waitForAll()
    }
    #expect(try list.entries().count == 20)
  }

  @Test("a list that is broken or open to others is an error, not an empty list")
  func broken() throws {
    let bench = try Bench()
    let path = try bench.add(trusted: true)
    let file = try bench.loader.trustList().file
    let text = try read(file)
    for bad in ["", "{}", "{\"format\":\"cadre.trust/1\",\"plugin\":[]}", "[]"] {
      try write(Array(bad.utf8), to: file)
      let error = #expect(throws: PluginError.self) { try bench.load(path) }
      #expect(error?.code == .trustList && error?.message.contains(file) == true)
      #expect(throws: PluginError.self) { try bench.loader.trust(path) }
      #expect(try read(file) == Array(bad.utf8))
    }
    try write(text, to: file)
    chmod(file, 0o666)
    let error = #expect(throws: PluginError.self) { try bench.load(path) }
    #expect(error?.code == .trustList && error?.remedy.contains("chmod") == true)
  }

  @Test("without a home the error says which variable to set")
  func noHome() throws {
    let bench = try Bench()
    bench.setup.trustFile = nil
    let path = "\(bench.plugins)/libplugin.so"
    try Fixture.build(path, mark: bench.mark)
    try bench.describe(path, trusted: false)
    bench.expectRefusal(path, .untrusted)
    let error = #expect(throws: PluginError.self) { try bench.loader.trust(path) }
    #expect(error?.remedy.contains("XDG_CONFIG_HOME") == true)
  }

  @Test("a first-party list counts beside the program, and nowhere else")
  func firstParty() throws {
    let bench = try Bench()
    let path = try bench.add(trusted: false)
    let list = FirstPartyList(digests: [Digest(of: try read(path))])
    try write(Array(list.json.utf8), to: "\(bench.plugins)/first-party.json")
    bench.expectRefusal(path, .untrusted)
    bench.setup.firstPartyFolder = bench.plugins
    let loader = bench.loader
    #expect(try loader.inspect(loader.candidate(at: path)).trust == .firstParty)
    _ = try bench.load(path)
    // In the right folder, but not in the list.
    let other = try bench.add("libother.so", ["ID=\"org.test.other\""], trusted: false) {
      $0.id = "org.test.other"
    }
    bench.expectRefusal(other, .untrusted)
  }

  @Test("what only trust is given to must be a plug-in")
  func notAPlugin() throws {
    let bench = try Bench()
    let path = "\(bench.plugins)/notes.so"
    try write(Array("text".utf8), to: path)
    let error = #expect(throws: PluginError.self) { try bench.loader.trust(path) }
    #expect(error?.code == .notElf)
    #expect(try bench.loader.trustList().entries().isEmpty)
  }

  @Test(
    "a path becomes one word of a shell",
    arguments: [
      ("/a/b-c.so", "/a/b-c.so"), ("/a b", "'/a b'"), ("/it's", "'/it'\\''s'"),
      ("/$(rm)", "'/$(rm)'"), ("-x", "'./-x'"), ("", "''"),
    ])
  func quoting(text: String, word: String) {
    #expect(shellWord(text) == word)
  }
}
