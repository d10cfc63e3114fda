import ArtifactStore
import Foundation
import ModelFormats
import Testing

@Suite struct ManifestTests {
  private static let digest = Digest(of: []).description

  private static let text = """
    {
      "format": "cadre.bundle/1",
      "name": "support", "version": 3, "created": "2026-01-02T15:04:05Z",
      "task": "text.classify/1",
      "ports": {"inputs": {"text": "utf8"}, "outputs": {"logp": "tensor<f32,[rows,classes]>"}},
      "labels": ["a", "b"],
      "members": [{
        "agent_id": "m", "agent_version": "1", "plugin_digest": "\(digest)", "weight": 1,
        "model": {"path": "model.safetensors", "sha256": "\(digest)"}, "metadata": {"k": "v"}
      }],
      "preparation": {
        "agent_id": "p", "agent_version": "1", "plugin_digest": null,
        "state": {"path": "preparation.state", "sha256": "\(digest)"}
      },
      "metrics": {"f1": {"value": 0.5, "low": 0.25, "high": 0.75, "on": "val"}},
      "run_id": "20260102-150405-k3f9", "workflow_digest": "\(digest)"
    }
    """

  private func parse(replacing old: String, with new: String) throws -> BundleManifest {
    try #require(Self.text.contains(old))
    let text = Self.text.replacing(old, with: new, maxReplacements: 1)
    return try BundleManifest(parsing: Array(text.utf8), named: "m.json")
  }

  @Test("a manifest is read into its fields, and writing it gives the same again")
  func reads() throws {
    let manifest = try BundleManifest(parsing: Array(Self.text.utf8))
    #expect(manifest.version == 3 && manifest.labels == ["a", "b"])
    #expect(manifest.created == Date(timeIntervalSince1970: 1_767_366_245))
    #expect(manifest.members[0].pluginDigest == Digest(of: []))
    #expect(manifest.preparation?.agentID == "p" && manifest.preparation?.pluginDigest == nil)
    #expect(manifest.metrics["f1"] == .init(value: 0.5, low: 0.25, high: 0.75, on: "val"))
    #expect(try BundleManifest(parsing: Array(manifest.encoded())) == manifest)
  }

  @Test(
    "every key that is missing is named with its full path",
    arguments: [
      ("\"name\": \"support\", ", "name"), ("\"labels\": [\"a\", \"b\"],", "labels"),
      ("\"weight\": 1", "members[0].weight"), ("\"on\": \"val\"", "metrics.f1.on"),
      ("\"path\": \"model.safetensors\", ", "members[0].model.path"),
      ("\"agent_id\": \"p\", ", "preparation.agent_id"),
      ("\"inputs\": {\"text\": \"utf8\"}, ", "ports.inputs"),
      ("\"format\": \"cadre.bundle/1\",", "format"),
    ])
  func missing(fragment: String, key: String) throws {
    let error = try #require(throws: FormatError.self) {
      let text = Self.text.replacing(", " + fragment, with: "").replacing(fragment, with: "")
      try #require(text != Self.text)
      _ = try BundleManifest(parsing: Array(text.utf8), named: "m.json")
    }
    #expect(error.code == .missingKey, "\(error)")
    #expect(error.message == "the key \(key) is missing")
    #expect(error.path == "m.json")
  }

  @Test(
    "every stray key is named with its full path",
    arguments: [
      ("\"name\"", "surprise"), ("\"weight\"", "members[0].surprise"),
      ("\"on\"", "metrics.f1.surprise"), ("\"inputs\"", "ports.surprise"),
      ("\"state\"", "preparation.surprise"), ("\"sha256\"", "members[0].model.surprise"),
    ])
  func unknown(anchor: String, key: String) throws {
    let error = try #require(throws: FormatError.self) {
      try parse(replacing: anchor, with: "\"surprise\": 1, \(anchor)")
    }
    #expect(error.code == .unknownKey)
    #expect(error.message == "the key \(key) is unknown")
    #expect(error.remedy.contains("the keys here are"))
  }

  @Test(
    "values of the wrong kind or out of range are refused with their key",
    arguments: [
      ("\"version\": 3", "\"version\": \"3\"", "version"),
      ("\"version\": 3", "\"version\": 3.5", "version"),
      ("\"version\": 3", "\"version\": 0", "version"),
      ("\"weight\": 1", "\"weight\": true", "members[0].weight"),
      ("\"weight\": 1", "\"weight\": -1", "members[0].weight"),
      ("\"labels\": [\"a\", \"b\"]", "\"labels\": [\"a\", 1]", "labels[1]"),
      ("\"metadata\": {\"k\": \"v\"}", "\"metadata\": {\"k\": null}", "members[0].metadata.k"),
      ("\"created\": \"2026-01-02T15:04:05Z\"", "\"created\": \"yesterday\"", "created"),
      ("\"plugin_digest\": \"sha256:", "\"plugin_digest\": \"md5:", "md5:"),
      ("\"low\": 0.25", "\"low\": 0.9", "metrics.f1.low"),
      ("\"value\": 0.5", "\"value\": 1e999", ""),
      ("\"path\": \"model.safetensors\"", "\"path\": \"../model\"", "../model"),
      ("\"path\": \"model.safetensors\"", "\"path\": \"/etc/passwd\"", "/etc/passwd"),
      ("\"path\": \"model.safetensors\"", "\"path\": \"a//b\"", "a//b"),
      ("\"path\": \"model.safetensors\"", "\"path\": \"preparation.state\"", "same file"),
      ("\"path\": \"model.safetensors\"", "\"path\": \"manifest.json\"", "same file"),
    ])
  func badValue(old: String, new: String, named: String) throws {
    let error = try #require(throws: FormatError.self) { try parse(replacing: old, with: new) }
    #expect(error.code == .badValue, "\(error)")
    #expect(named.isEmpty || error.message.contains(named), "\(error)")
  }

  @Test("a format of a later version asks for a newer Cadre, before its keys are judged")
  func later() throws {
    let error = try #require(throws: FormatError.self) {
      try BundleManifest(parsing: Array(#"{"format": "cadre.bundle/2", "new": 1}"#.utf8))
    }
    #expect(error.code == .unknownFormat)
    #expect(error.message.contains("cadre.bundle/2") && error.remedy.contains("newer Cadre"))
    for text in [#"{"format": "other/1"}"#, #"{"format": 1}"#] {
      let error = try #require(throws: FormatError.self) {
        try BundleManifest(parsing: Array(text.utf8))
      }
      #expect(error.code == .unknownFormat && error.remedy.contains("Cadre bundle"))
    }
  }

  @Test("a text that is no JSON is refused with line and column, a doubled key too")
  func noJSON() throws {
    let broken = try #require(throws: FormatError.self) {
      try parse(replacing: "\"task\":", with: "\"task\"")
    }
    #expect(broken.code == .badJSON && broken.message.contains("line 4, column"))
    let doubled = try #require(throws: FormatError.self) {
      try parse(replacing: "\"labels\"", with: "\"name\": \"x\", \"labels\"")
    }
    #expect(doubled.code == .badJSON && doubled.message.contains("\"name\" stands twice"))
    #expect(throws: FormatError.self) { try BundleManifest(parsing: []) }
    #expect(throws: FormatError.self) { try BundleManifest(parsing: Array("[]".utf8)) }
  }

  @Test("no prefix of a manifest is read")
  func truncation() {
    let bytes = Array(Self.text.utf8)
    for count in 0..<bytes.count {
      #expect(throws: FormatError.self) { try BundleManifest(parsing: Array(bytes[..<count])) }
    }
  }
}
