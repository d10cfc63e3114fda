import ArtifactStore
import Glibc
import SystemShims
import Testing

@testable import PluginLoader

/// What is refused before any code of it runs.
@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct RefusalTests {
  @Test("a text file, an empty file")
  func noElf() throws {
    let bench = try Bench()
    let path = "\(bench.plugins)/libplugin.so"
    try write(Array("int main(void) { return 0; }\n".utf8), to: path)
    try bench.describe(path)
    bench.expectRefusal(path, .notElf)
    try write([], to: path)
    try bench.describe(path)
    bench.expectRefusal(path, .notElf, says: "empty")
  }

  @Test("a library cut off anywhere")
  func truncated() throws {
    let bench = try Bench()
    let path = try bench.add()
    let whole = try read(path)
    for count in stride(from: 64, to: whole.count, by: 64) {
      try write(Array(whole[..<count]), to: path)
      try bench.describe(path, trusted: false)
      bench.expectRefusal(path, .damaged)
    }
  }

  @Test("another machine, 32 bit, a program")
  func otherMachine() throws {
    let bench = try Bench()
    let path = try bench.add()
    var bytes = try read(path)
    bytes[18] = 8
    bytes[19] = 0
    try write(bytes, to: path)
    try bench.describe(path)
    bench.expectRefusal(path, .otherMachine, says: "machine number 8")
    try bench.add()
    bytes = try read(path)
    bytes[4] = 1
    try write(bytes, to: path)
    try bench.describe(path)
    bench.expectRefusal(path, .otherMachine, says: "32 bit")
    try write(try read("/bin/cat"), to: path)
    try bench.describe(path)
    bench.expectRefusal(path, .otherMachine, says: "program")
  }

  @Test("no entry, a hidden entry, an entry that is no function, the entry of another major")
  func entry() throws {
    let bench = try Bench()
    bench.expectRefusal(
      try bench.add("libplugin.so", ["ENTRY=other"]), .noEntry, says: "cadre_entry_0")
    bench.expectRefusal(
      try bench.add("libplugin.so", ["ENTRY=cadre_entry_7"]), .otherAbi, says: "7.x")
    let path = "\(bench.plugins)/libplugin.so"
    try Fixture.build(path, mark: bench.mark, source: "int cadre_entry_0(void) { return 1; }")
    try bench.describe(path)
    bench.expectRefusal(path, .noEntry, says: "CADRE_ENTRY")
    try Fixture.build(
      path, mark: bench.mark, flags: ["-fvisibility=default"], source: "int cadre_entry_0 = 1;")
    try bench.describe(path)
    bench.expectRefusal(path, .noEntry, says: "as a function")
  }

  @Test("an ABI in the manifest that is not this host's")
  func abi() throws {
    let bench = try Bench()
    let path = try bench.add(change: { $0.abi = AbiVersion(major: 0, minor: 999) })
    bench.expectRefusal(path, .otherAbi, says: "0.999", "0.\(AbiVersion.host.minor)")
    try bench.describe(path, change: { $0.abi = AbiVersion(major: 3, minor: 0) })
    bench.expectRefusal(path, .otherAbi, says: "3.0")
  }

  @Test("from major 1 on a minor never refuses")
  func abiRule() {
    func version(_ major: Int, _ minor: Int) -> AbiVersion { .init(major: major, minor: minor) }
    #expect(version(1, 0).accepts(version(1, 5)) && version(1, 5).accepts(version(1, 0)))
    #expect(!version(0, 1).accepts(version(0, 2)) && !version(1, 0).accepts(version(2, 0)))
  }

  @Test("a library that is not the one its manifest describes")
  func digest() throws {
    let bench = try Bench()
    let path = try bench.add(change: { $0.digest = Digest(of: [1]) })
    bench.expectRefusal(
      path, .digestMismatch, says: Digest(of: [1]).description, "cadre plugins seal")
  }

  @Test("a CPU feature that no machine has")
  func cpu() throws {
    let bench = try Bench()
    let path = try bench.add(change: { $0.cpu = ["avx9000"] })
    bench.expectRefusal(path, .cpu, says: "avx9000")
  }

  @Test("a needed library that is missing, or that a plug-in may not bring")
  func needed() throws {
    let bench = try Bench()
    let helper = "\(bench.plugins)/libhelper.so"
    try Fixture.build(helper, mark: bench.mark, source: "int help(void) { return 1; }")
    let beside = ["-Wl,--no-as-needed", "-L\(bench.plugins)", "-lhelper"]
    bench.expectRefusal(
      try bench.add(flags: beside), .neededLibrary, says: "libhelper.so", "statically")
    // Found now, but not the plug-in's to bring.
    let found = try bench.add(flags: beside + ["-Wl,-rpath,\(bench.plugins)"])
    bench.expectRefusal(found, .neededLibrary, says: "libhelper.so", "C and C++ runtime")
  }

  @Test("a symbolic link, a pipe, a folder, a device")
  func kinds() throws {
    let bench = try Bench()
    let path = try bench.add("libreal.so")
    let link = "\(bench.plugins)/liblink.so"
    try write(
      try read(PluginManifest.path(forLibrary: path)), to: "\(bench.plugins)/liblink.cadre.json")
    symlink(path, link)
    bench.expectRefusal(link, .wrongKind, says: "symbolic link")
    unlink(link)
    mkfifo(link, 0o600)
    bench.expectRefusal(link, .wrongKind, says: "named pipe")
    unlink(link)
    mkdir(link, 0o700)
    bench.expectRefusal(link, .wrongKind, says: "folder")
    rmdir(link)
    bench.expectRefusal(link, .unreadable)
    let error = #expect(throws: PluginError.self) { try bench.load("/dev/null") }
    #expect(error?.code == .wrongKind)
  }

  @Test("a folder or a library that every user may write to")
  func worldWritable() throws {
    let bench = try Bench()
    let path = try bench.add()
    chmod(bench.plugins, 0o777)
    bench.expectRefusal(path, .unsafeFolder, says: "chmod o-w \(bench.plugins)")
    chmod(bench.plugins, 0o755)
    chmod(path, 0o666)
    bench.expectRefusal(path, .unsafeFolder, says: "chmod o-w \(path)")
    chmod(path, 0o644)
    _ = try bench.load(path)
  }

  @Test("warnings tell what will not work for ever")
  func warnings() throws {
    let bench = try Bench()
    let clean = try bench.add("libclean.so", flags: ["-lm"])
    let loader = bench.loader
    #expect(try loader.inspect(loader.candidate(at: clean)).warnings() == [])
    let path = "\(bench.plugins)/libmany.so"
    try Fixture.build(
      path, mark: bench.mark,
      source: """
        #define SHOW __attribute__((visibility("default")))
        static __thread int counter __attribute__((tls_model("initial-exec")));
        SHOW int extra(void) { return ++counter; }
        SHOW const void *cadre_entry_0(const void *boot) { return boot; }
        """)
    try bench.describe(path)
    let warnings = try loader.inspect(loader.candidate(at: path)).warnings()
    #expect(warnings.contains { $0.contains("exports 2 symbols") })
    #expect(warnings.contains { $0.contains("static thread-local") })
  }
}
