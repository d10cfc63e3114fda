import ArtifactStore
import Glibc
import Testing

@testable import PluginLoader

@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct ScanTests {
  @Test("of two plug-ins with one id the first in the search order wins, the other is reported")
  func duplicate() throws {
    let bench = try Bench()
    let first = "\(bench.root)/first"
    mkdir(first, 0o755)
    let late = try bench.add("liblate.so")
    let early = "\(first)/libearly.so"
    try write(try read(late), to: early)
    try bench.describe(early)
    bench.setup.searchFolders = [.init(first), .init(bench.plugins)]
    let scan = bench.loader.scan()
    #expect(scan.candidates.map(\.library) == [early])
    let refusal = try #require(scan.refusals.first)
    #expect(scan.refusals.count == 1 && refusal.code == .duplicate && refusal.file == late)
    #expect(refusal.message.contains(early) && refusal.message.contains("org.test.plugin"))
  }

  @Test("each thing that cannot be used is reported with its file and a remedy; the rest is found")
  func refusals() throws {
    let bench = try Bench()
    let good = try bench.add("libgood.so")
    let bare = "\(bench.plugins)/libbare.so"
    try write(try read(good), to: bare)
    try write(Array("no library".utf8), to: "\(bench.plugins)/libtext.so")
    try write(Array("{}".utf8), to: "\(bench.plugins)/liblonely.cadre.json")
    mkfifo("\(bench.plugins)/libpipe.so", 0o600)
    try Fixture.build(
      "\(bench.plugins)/libhelper.so", mark: bench.mark, source: "int help(void) { return 1; }")
    try write([], to: "\(bench.plugins)/README.md")
    bench.setup.searchFolders += [
      .init("\(bench.root)/none"), .init("\(bench.root)/default", isExplicit: false),
      .init(bench.plugins + "/"),
    ]
    let scan = bench.loader.scan()
    #expect(scan.candidates.map(\.library) == [good])
    let codes = Dictionary(
      scan.refusals.map { (FilePath.name(of: $0.file), $0.code) }, uniquingKeysWith: { a, _ in a })
    #expect(
      codes == [
        "libbare.cadre.json": .manifest, "libtext.so": .notElf, "liblonely.cadre.json": .unreadable,
        "libpipe.so": .wrongKind, "none": .unreadable,
      ])
    for refusal in scan.refusals {
      #expect(refusal.message.contains(refusal.file) && !refusal.remedy.isEmpty, "\(refusal)")
    }
  }

  @Test("the search order is the variable, the program's folder, the user's folder")
  func places() {
    let setup = LoaderSetup.ofThisProcess(
      environment: [
        "CADRE_PLUGIN_PATH": "/a::/b", "HOME": "/home/u", "XDG_CACHE_HOME": "relative",
      ],
      executable: "/opt/cadre/bin/cadre")
    #expect(
      setup.searchFolders == [
        .init("/a"), .init("/b"), .init("/opt/cadre/bin/cadre-plugins", isExplicit: false),
        .init("/home/u/.local/share/cadre/plugins", isExplicit: false),
      ])
    #expect(setup.firstPartyFolder == "/opt/cadre/bin/cadre-plugins")
    #expect(setup.trustFile == "/home/u/.config/cadre/trust.json")
    #expect(setup.cacheFolder == "/home/u/.cache/cadre")
    #expect(setup.probe == "/opt/cadre/bin/cadre-probe")
    let homeless = LoaderSetup.ofThisProcess(environment: [:], executable: "/x/cadre")
    #expect(homeless.trustFile == nil && homeless.cacheFolder == nil)
    #expect(homeless.searchFolders.count == 1)
  }
}
