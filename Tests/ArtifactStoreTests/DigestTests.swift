import ArtifactStore
import Testing

@Suite struct DigestTests {
  // NIST FIPS 180-4 examples; `printf abc | sha256sum` agrees.
  static let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  static let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  @Test("equals the published SHA-256 values")
  func published() {
    #expect(Digest(of: Array("abc".utf8)).description == Self.abc)
    #expect(Digest(of: []).description == Self.empty)
  }

  @Test("is the same whether bytes come at once or in parts")
  func parts() {
    let bytes = (0..<1000).map { UInt8($0 % 251) }
    var hash = StreamingDigest()
    hash.update(Array(bytes[..<1]).span.bytes)
    hash.update([UInt8]().span.bytes)
    hash.update(Array(bytes[1...]).span.bytes)
    #expect(hash.finalize() == Digest(of: bytes))
  }

  @Test("its text is read back to the same value")
  func roundTrip() throws {
    #expect(try Digest(parsing: Self.abc) == Digest(of: Array("abc".utf8)))
  }

  @Test(
    "a text that is no digest is refused and quoted",
    arguments: [
      "", "sha256:", "sha256:abc", "md5:" + String(repeating: "0", count: 64),
      String(repeating: "0", count: 64), "sha256:" + String(repeating: "A", count: 64),
      "sha256:" + String(repeating: "0", count: 65), "sha256:" + String(repeating: "é", count: 32),
    ])
  func malformed(text: String) throws {
    let error = try #require(throws: ArtifactError.self) { try Digest(parsing: text) }
    #expect(error.code == .malformedDigest)
    #expect(error.description.contains("64 lower-case"))
  }
}
