import ArtifactStore
import Foundation
import ModelFormats
import Testing

@Suite struct BundleTests {
  let scratch: ScratchFolder
  let folder: String

  init() throws {
    scratch = try ScratchFolder()
    folder = scratch.path + "/support-1"
  }

  private func bundle(members count: Int = 1) -> ModelBundle {
    let members = (0..<count).map { index in
      ModelBundle.Member(
        agentID: "org.example.mlp\(index)", agentVersion: "1.0.0",
        pluginDigest: index == 0 ? Digest(of: [1]) : nil, weight: 1 / Double(index + 1),
        model: Safetensors(
          tensors: [NamedTensor(name: "w", shape: [2], floats: [Float(index), 0.5])],
          metadata: ["made": "here"]),
        metadata: ["hidden": "128"])
    }
    return ModelBundle(
      name: "support", version: 1, created: Date(timeIntervalSince1970: 1_767_366_245),
      task: "text.classify/1",
      ports: .init(
        inputs: ["text": "utf8"], outputs: ["logp": "tensor<f32,[rows,classes]>"]),
      labels: ["billing", "größe", "b/c"], members: members,
      preparation: .init(
        agentID: "org.example.prepare", agentVersion: "1.0.0", pluginDigest: nil,
        state: Data([0, 1, 2, 255])),
      metrics: [
        "macro_f1": .init(value: 0.91, low: 0.88, high: 0.94, on: "prepare.val"),
        "loss": .init(value: 0.1, on: "prepare.val"),
      ], runID: "20260102-150405-k3f9", workflowDigest: Digest(of: [2]))
  }

  private func requireEqual(_ a: ModelBundle, _ b: ModelBundle) {
    #expect(a.name == b.name && a.version == b.version && a.created == b.created)
    #expect(a.task == b.task && a.ports == b.ports && a.labels == b.labels)
    #expect(a.members == b.members && a.preparation == b.preparation)
    #expect(a.metrics == b.metrics && a.runID == b.runID && a.workflowDigest == b.workflowDigest)
  }

  @Test("a bundle of one model comes back as it was written")
  func single() throws {
    let manifest = try bundle().write(to: folder)
    #expect(
      try scratch.listing() == [
        "support-1", "support-1/manifest.json", "support-1/model.safetensors",
        "support-1/preparation.state",
      ])
    requireEqual(try ModelBundle(contentsOf: folder), bundle())
    #expect(try BundleManifest(ofBundle: folder) == manifest)
    #expect(manifest.format == "cadre.bundle/1")
    #expect(try manifest.members[0].model.sha256 == digestOfFile(folder + "/model.safetensors"))
  }

  @Test("a bundle of several members keeps each in a folder of its own")
  func ensemble() throws {
    try bundle(members: 2).write(to: folder)
    #expect(try scratch.listing().contains("support-1/members/1/model.safetensors"))
    requireEqual(try ModelBundle(contentsOf: folder), bundle(members: 2))
  }

  @Test("preparation, a plug-in's digest and an interval may be absent")
  func optional() throws {
    var bundle = bundle()
    bundle.preparation = nil
    bundle.members[0].pluginDigest = nil
    try bundle.write(to: folder)
    requireEqual(try ModelBundle(contentsOf: folder), bundle)
    #expect(try !scratch.listing().contains("support-1/preparation.state"))
  }

  @Test("equal bundles give equal files")
  func deterministic() throws {
    try bundle(members: 2).write(to: folder)
    try bundle(members: 2).write(to: scratch.path + "/other")
    for name in ["manifest.json", "members/0/model.safetensors"] {
      #expect(try readFile("\(folder)/\(name)") == readFile("\(scratch.path)/other/\(name)"))
    }
  }

  @Test("a bundle is never written over another one")
  func exists() throws {
    try bundle().write(to: folder)
    var second = bundle()
    second.version = 2
    let error = try #require(throws: FormatError.self) { try second.write(to: folder) }
    #expect(error.code == .exists && error.path == folder)
    requireEqual(try ModelBundle(contentsOf: folder), bundle())
    #expect(try scratch.listing().count == 4)
    let orphan = try #require(throws: ArtifactError.self) {
      try second.write(to: scratch.path + "/absent/bundle")
    }
    #expect(orphan.code == .missing)
  }

  @Test("a value that no bundle may have is refused and nothing is written")
  func rules() throws {
    let damages: [(inout ModelBundle) -> Void] = [
      { $0.name = "../escape" }, { $0.name = "" }, { $0.name = ".hidden" }, { $0.version = 0 },
      { $0.task = "" }, { $0.labels = ["a", "a"] }, { $0.members = [] },
      { $0.members[0].weight = .nan }, { $0.members[0].weight = -1 },
      { $0.members[0].weight = 0 },
      { $0.metrics["macro_f1"]?.value = .infinity }, { $0.metrics["macro_f1"]?.low = 1 },
    ]
    for damage in damages {
      var bundle = bundle()
      damage(&bundle)
      let error = try #require(throws: FormatError.self) { try bundle.write(to: folder) }
      #expect(error.code == .badValue)
      #expect(try scratch.listing() == [])
    }
  }

  @Test(
    "every altered, cut or missing file is found and named",
    arguments: [
      "model.safetensors", "preparation.state",
    ])
  func altered(name: String) throws {
    try bundle().write(to: folder)
    let path = "\(folder)/\(name)"
    let bytes = try readFile(path)
    for change in [Array(bytes.dropLast()), bytes + [0], bytes.map { ~$0 }] {
      try writeFileDurably(path, change)
      let error = try #require(throws: FormatError.self) { try ModelBundle(contentsOf: folder) }
      #expect(error.code == .alteredFile && error.path == path)
    }
    try FileManager.default.removeItem(atPath: path)
    let missing = try #require(throws: ArtifactError.self) { try ModelBundle(contentsOf: folder) }
    #expect(missing.code == .missing && missing.path == path)
  }

  @Test("a folder without a manifest is no bundle")
  func noManifest() throws {
    let error = try #require(throws: ArtifactError.self) {
      try ModelBundle(contentsOf: scratch.path)
    }
    #expect(error.code == .missing)
    #expect(error.path.hasSuffix("manifest.json"))
  }
}
