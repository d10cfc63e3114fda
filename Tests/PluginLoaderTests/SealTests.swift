import ArtifactStore
import Glibc
import SystemShims
import Testing

@testable import PluginLoader

@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct SealTests {
  @Test("sealing writes manifests and the first-party list; then all of the folder loads")
  func seal() throws {
    let bench = try Bench()
    bench.setup.firstPartyFolder = bench.plugins
    for name in ["one", "two"] {
      try Fixture.build(
        "\(bench.plugins)/lib\(name).so", mark: bench.mark, defines: ["ID=\"org.test.\(name)\""])
    }
    try Fixture.build(
      "\(bench.plugins)/libhelper.so", mark: bench.mark, source: "int help(void) { return 1; }")
    let loader = bench.loader
    let report = try loader.sealFolder(
      bench.plugins, firstParty: true,
      offers: ["libone.so": [.init(task: "data.source/1", attributes: ["source": "csv"])]])
    #expect(report.refusals == [])
    #expect(report.sealed.map(\.id) == ["org.test.one", "org.test.two"])
    #expect(bench.images == [])

    let scan = loader.scan()
    #expect(scan.refusals == [])
    #expect(scan.candidates.map(\.manifest) == report.sealed)
    #expect(scan.candidates[0].manifest.offers.first?.task == "data.source/1")
    #expect(scan.candidates[0].manifest.about == "fixture \(bench.mark)")
    for candidate in scan.candidates { _ = try loader.load(candidate) }
  }

  @Test("a plug-in that cannot be sealed is reported, and is in no list")
  func refusal() throws {
    let bench = try Bench()
    bench.setup.firstPartyFolder = bench.plugins
    let bad = "\(bench.plugins)/libbad.so"
    try Fixture.build(bad, mark: bench.mark, defines: ["BEFORE=abort()"])
    try Fixture.build("\(bench.plugins)/libgood.so", mark: bench.mark)
    let report = try bench.loader.sealFolder(bench.plugins, firstParty: true)
    #expect(report.sealed.map(\.library) == ["libgood.so"])
    #expect(report.refusals.map(\.code) == [.crashed] && report.refusals.map(\.file) == [bad])
    #expect(access(PluginManifest.path(forLibrary: bad), F_OK) != 0)
    let list = try FirstPartyList(folder: bench.plugins)
    #expect(list.digests == Set(report.sealed.map(\.digest)))
    #expect(bench.images == [])
  }

  @Test("sealing again probes nothing and rewrites nothing; the CPU features are kept")
  func again() throws {
    let bench = try Bench()
    let path = "\(bench.plugins)/libplugin.so"
    try Fixture.build(path, mark: bench.mark)
    _ = try bench.loader.sealFolder(bench.plugins, firstParty: false)
    #expect(access("\(bench.plugins)/first-party.json", F_OK) != 0)
    let manifestPath = PluginManifest.path(forLibrary: path)
    var manifest = try PluginManifest(path: manifestPath)
    manifest.cpu = ["fpu"]
    try write(Array(manifest.json.utf8), to: manifestPath)
    var before = stat()
    stat(manifestPath, &before)
    bench.setup.probe = "/no/such/probe"
    let report = try bench.loader.sealFolder(bench.plugins, firstParty: false)
    #expect(report.refusals == [] && report.sealed == [manifest])
    var after = stat()
    stat(manifestPath, &after)
    #expect(before.st_ino == after.st_ino)
  }

  @Test("a folder that is not there is an error that names it")
  func missing() throws {
    let bench = try Bench()
    let error = #expect(throws: PluginError.self) {
      try bench.loader.sealFolder("\(bench.root)/none", firstParty: false)
    }
    #expect(error?.message.contains("\(bench.root)/none") == true)
  }
}
