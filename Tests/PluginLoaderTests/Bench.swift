import ArtifactStore
import Glibc
import SystemShims
import Testing

@testable import PluginLoader

/// A home of its own for one test: plug-in folder, cache, trust list.
final class Bench {
  let root: String
  let plugins: String
  var setup: LoaderSetup
  var loader: PluginLoader { PluginLoader(setup: setup) }

  private static let names = Counter(0)

  /// A word that no other test of this run has, to make a library's digest its own.
  let mark: String

  init(probeTimeLimit: Duration = .seconds(60)) throws {
    var template = Array("/tmp/cadre-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    root = FilePath.resolved(
      String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    plugins = "\(root)/plugins"
    mkdir(plugins, 0o755)
    mark = "\(FilePath.name(of: root))-\(Self.names.next())"
    let executable = try #require(ThisProcess.executable)
    setup = LoaderSetup(
      searchFolders: [.init(plugins)], trustFile: "\(root)/config/trust.json",
      cacheFolder: "\(root)/cache", probe: "\(FilePath.folder(of: executable))/cadre-probe",
      probeTimeLimit: probeTimeLimit)
  }

  deinit {
    let root = root
    _ = try? ChildProcess(
      executable: "/bin/rm", arguments: ["-rf", root], environment: [:], timeLimit: .seconds(60)
    ).run()
  }

  /// What stands in the folder of private copies.
  var images: [String] { FilePath.names(in: "\(root)/cache/images") ?? [] }

  /// Builds a plug-in with its manifest and, unless told not to, trusts it.
  @discardableResult
  func add(
    _ name: String = "libplugin.so", _ defines: [String] = [], flags: [String] = [],
    trusted: Bool = true, change: (inout PluginManifest) -> Void = { _ in }
  ) throws -> String {
    let path = "\(plugins)/\(name)"
    try Fixture.build(path, mark: mark, defines: defines, flags: flags)
    try describe(path, trusted: trusted, change: change)
    return path
  }

  /// Writes the manifest of whatever stands at a path.
  func describe(
    _ path: String, trusted: Bool = true, change: (inout PluginManifest) -> Void = { _ in }
  ) throws {
    var manifest = PluginManifest(
      id: "org.test.plugin", version: "1.2.3", library: FilePath.name(of: path),
      digest: Digest(of: try read(path)))
    change(&manifest)
    try write(Array(manifest.json.utf8), to: PluginManifest.path(forLibrary: path))
    if trusted { try loader.trustList().add(manifest.digest, note: "test") }
  }

  func load(_ path: String) throws -> PluginImage {
    try loader.load(try loader.candidate(at: path))
  }

  /// Expects one clear error, and nothing left behind.
  @discardableResult
  func expectRefusal(
    _ path: String, _ code: PluginError.Code, says words: String...,
    location: SourceLocation = #_sourceLocation
  ) -> PluginError? {
    let imagesBefore = images
    let error = #expect(throws: PluginError.self, sourceLocation: location) { try load(path) }
    guard let error else { return nil }
    #expect(error.code == code, "\(error)", sourceLocation: location)
    #expect(error.message.contains(path), "\(error)", sourceLocation: location)
    #expect(error.file.hasPrefix(root), "\(error)", sourceLocation: location)
    #expect(!error.remedy.isEmpty, sourceLocation: location)
    for word in words {
      #expect(error.description.contains(word), "\(error)", sourceLocation: location)
    }
    #expect(images == imagesBefore, sourceLocation: location)
    return error
  }
}
