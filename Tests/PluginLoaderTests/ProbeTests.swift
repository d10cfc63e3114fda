import ArtifactStore
import Glibc
import SystemShims
import Testing

@testable import PluginLoader

/// What shows itself only when code of the library runs: in the child, not in this process.
@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct ProbeTests {
  @Test(
    "a plug-in that misbehaves is refused with what it did",
    arguments: [
      (["REFUSE=\"needs a newer host\""], PluginError.Code.refused, "needs a newer host"),
      (["RETURN=0"], .refused, "no reason"),
      (["SIZE=4"], .badModule, "its size is 4"),
      (["SIZE=0xFFFFFFFFu"], .badModule, "4294967295"),
      (["RETURN=8"], .crashed, "SIGSEGV"),
      (["RETURN=(char*)&module+1"], .badModule, "aligned"),
      (["NO_OPEN"], .badModule, "open"),
      (["ID=\"a b\""], .badModule, "id"),
      (["VERSION=\"one\""], .badModule, "version"),
      (["BEFORE=abort()"], .crashed, "SIGABRT"),
      (["BEFORE=__builtin_trap()"], .crashed, "crashed"),
      (["BEFORE=exit(0)"], .crashed, "ended the process by itself"),
      (["BEFORE=_exit(9)"], .crashed, "status 9"),
      (["BEFORE=fputs(\"no licence\\n\",stderr);abort()"], .crashed, "no licence"),
    ])
  func misbehaviour(defines: [String], code: PluginError.Code, words: String) throws {
    let bench = try Bench()
    bench.expectRefusal(try bench.add("libplugin.so", defines), code, says: words)
    #expect(bench.images.isEmpty)
    #expect((FilePath.names(in: "\(bench.root)/cache/probes") ?? []).isEmpty)
  }

  @Test("a constructor or an entry that never returns is stopped")
  func hang() throws {
    for define in ["BEFORE=for(;;)pause()", "RETURN=({for(;;)pause();0;})"] {
      let bench = try Bench(probeTimeLimit: .milliseconds(500))
      bench.expectRefusal(try bench.add("libplugin.so", [define]), .timedOut, says: "0.5 seconds")
      #expect(bench.images.isEmpty)
    }
  }

  @Test("an undefined symbol is the system loader's word, shown")
  func undefinedSymbol() throws {
    let bench = try Bench()
    let path = try bench.add("libplugin.so", ["BEFORE=extern int nowhere(void);nowhere()"])
    bench.expectRefusal(path, .cannotOpen, says: "nowhere")
  }

  @Test("a module with another id or version than the manifest's")
  func otherIdentity() throws {
    let bench = try Bench()
    bench.expectRefusal(
      try bench.add(change: { $0.id = "org.test.other" }), .badModule, says: "org.test.other")
    // Loaded and known, it is still not what another manifest says.
    let path = try bench.add()
    _ = try bench.load(path)
    try bench.describe(path, change: { $0.version = "9.9.9" })
    bench.expectRefusal(path, .badModule, says: "9.9.9")
  }

  @Test("a library that fails only in this process is undone and probed again")
  func failsInHost() throws {
    let bench = try Bench()
    // It passed a probe, or so the memory says; here it refuses.
    let path = try bench.add("libplugin.so", ["REFUSE=\"not here\""])
    let digest = Digest(of: try read(path))
    let memory = ProbeMemory(cacheFolder: bench.setup.cacheFolder)
    memory.remember(
      Handshake.Facts(id: "org.test.plugin", version: "1.2.3", about: ""), of: digest)
    bench.expectRefusal(path, .refused, says: "not here")
    #expect(bench.images.isEmpty)
    #expect(memory.facts(of: digest) == nil)
  }

  @Test("without the probe's program the error says where it should stand")
  func noProbe() throws {
    let bench = try Bench()
    bench.setup.probe = "\(bench.root)/cadre-probe"
    let path = try bench.add()
    bench.expectRefusal(path, .probe, says: "cadre-probe")
  }

  @Test("the probe started by hand explains itself")
  func usage() throws {
    let bench = try Bench()
    let child = ChildProcess(
      executable: bench.setup.probe, arguments: [], environment: [:], timeLimit: .seconds(60))
    let outcome = try child.run()
    #expect(outcome.ending == .exited(64))
    #expect(String(decoding: outcome.errorOutput, as: UTF8.self).contains("usage"))
  }

  @Test("a report survives its way through JSON, and noise is none")
  func report() {
    let facts = Handshake.Facts(id: "a", version: "1.0.0", about: "quote \" line\n end")
    let failure = Handshake.Failure(step: .entry, reason: "ä")
    for report in [ProbeReport.passed(facts), .failed(failure)] {
      #expect(ProbeReport(json: Array((report.json + "\n").utf8)) == report)
      #expect(ProbeReport(json: Array(("hello" + report.json).utf8)) == nil)
    }
    #expect(ProbeReport(json: []) == nil)
    #expect(ProbeReport(json: Array("{}".utf8)) == nil)
  }
}
