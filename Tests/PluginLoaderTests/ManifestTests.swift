import ArtifactStore
import Contracts
import Glibc
import Testing

@testable import PluginLoader

struct ManifestTests {
  private static let file = "/plugins/libfoo.cadre.json"
  private static let digest = Digest(of: [1, 2, 3])

  private static let whole = PluginManifest(
    id: "org.test.foo", version: "1.0.0-beta+7", about: "says \"foo\"\n", library: "libfoo.so",
    abi: AbiVersion(major: 0, minor: 1), digest: digest, cpu: ["avx2", "fma"],
    offers: [.init(task: "text.classify/1", attributes: ["source": "csv", "b": "c"])])

  private func parse(_ text: String) throws -> PluginManifest {
    try PluginManifest(json: Array(text.utf8), file: Self.file)
  }

  @Test("a manifest survives its way through JSON, with and without the optional keys")
  func roundTrip() throws {
    #expect(try parse(Self.whole.json) == Self.whole)
    let plain = PluginManifest(
      id: "foo", version: "0.0.1", library: "libfoo.so", digest: Self.digest)
    #expect(try parse(plain.json) == plain)
    let text = """
      {"format":"cadre.plugin/1","id":"foo","version":"0.0.1","library":"libfoo.so",
       "abi":{"major":0,"minor":\(AbiVersion.host.minor)},"digest":"\(Self.digest)"}
      """
    #expect(try parse(text) == plain)
  }

  @Test(
    "each fault is named with its key",
    arguments: [
      ("\"id\"", "\"Id\"", "unknown key \"Id\"; did you mean \"id\"?"),
      ("\"minor\"", "\"minro\"", "unknown key \"abi.minro\"; did you mean \"minor\"?"),
      ("\"task\"", "\"tusk\"", "offers[0].tusk"),
      ("cadre.plugin/1", "cadre.plugin/2", "cadre.plugin/2"),
      ("org.test.foo", "a/b", "\"id\" must"),
      ("1.0.0-beta+7", "1.0", "\"version\" must"),
      ("libfoo.so", "libbar.so", "\"library\" must"),
      ("libfoo.so", "../libfoo.so", "\"library\" must"),
      ("sha256:", "md5:", "\"digest\""),
      ("\"major\":0", "\"major\":-1", "\"abi.major\""),
      ("\"major\":0", "\"major\":\"0\"", "\"abi.major\""),
      ("\"minor\":1", "\"minor\":1.5", "\"abi.minor\""),
      ("\"avx2\"", "7", "\"cpu\""),
      ("\"csv\"", "3", "\"offers[0].attributes.source\""),
      ("  \"id\": \"org.test.foo\",\n", "", "\"id\" is missing"),
      ("\"version\"", "\"id\"", "stands twice"),
    ])
  func faults(old: String, new: String, words: String) throws {
    let text = Self.whole.json
    let range = try #require(text.firstRange(of: old))
    let error = #expect(throws: PluginError.self) {
      try parse(text.replacingCharacters(in: range, with: new))
    }
    #expect(error?.code == .manifest)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    #expect(error?.message.contains(Self.file) == true)
    #expect(error?.remedy.isEmpty == false)
  }

  @Test("every cut of a manifest is refused, and so are no UTF-8, a list, deep nesting")
  func broken() {
    let bytes = Array(Self.whole.json.utf8)
    for count in 0..<(bytes.count - 2) {
      #expect(throws: PluginError.self) {
        try PluginManifest(json: Array(bytes[..<count]), file: Self.file)
      }
    }
    for text in ["[]", "null", "3", String(repeating: "[", count: 100_000)] {
      #expect(throws: PluginError.self) { try parse(text) }
    }
    #expect(throws: PluginError.self) {
      try PluginManifest(json: [0x22, 0xFF, 0x22], file: Self.file)
    }
  }

  @Test("a huge manifest is refused unread; a missing one, a link and a pipe by name")
  func files() throws {
    let bench = try Bench()
    let path = "\(bench.root)/libfoo.cadre.json"
    let missing = #expect(throws: PluginError.self) { try PluginManifest(path: path) }
    #expect(missing?.code == .manifest && missing?.remedy.contains("cadre plugins seal") == true)
    try write([], to: path)
    // 100 MB that take no room on the disk.
    truncate(path, 100 << 20)
    let huge = #expect(throws: PluginError.self) { try PluginManifest(path: path) }
    #expect(huge?.code == .manifest && huge?.message.contains(path) == true)
    unlink(path)
    mkfifo(path, 0o600)
    let pipe = #expect(throws: PluginError.self) { try PluginManifest(path: path) }
    #expect(pipe?.code == .wrongKind && pipe?.message.contains("named pipe") == true)
  }

  @Test("the manifest of a library stands beside it under its name")
  func names() {
    #expect(PluginManifest.path(forLibrary: "/a/libFoo.so") == "/a/libFoo.cadre.json")
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
