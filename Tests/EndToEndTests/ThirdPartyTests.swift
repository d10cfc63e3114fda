import Contracts
import Foundation
import Testing

/// The example agents, built with their own tools outside of this package, as their authors would.
@Suite(.serialized) struct ThirdPartyTests {
  private static let examples = CommandLine.repository + "/Examples/agents"

  /// Copies an example to a folder of its own and builds it there; the library's path.
  private func buildC(_ line: CommandLine) throws -> String {
    let folder = line.folder + "/majority"
    try FileManager.default.copyItem(atPath: Self.examples + "/c-minimal", toPath: folder)
    let made = try CommandLine.tool(
      "make",
      ["-s", "-C", folder, "clean", "libmajority.so", "CADRE_SDK=\(CommandLine.repository)/SDK"])
    try #require(made.status == 0, "\(made.errors)")
    return folder + "/libmajority.so"
  }

  private func rows() -> String {
    let words = ["ship": ["parcel", "courier"], "bill": ["invoice", "bank"]]
    let labels = words.keys.sorted()
    return "text,label\n"
      + (0..<200).map { number in
        let label = labels[number % 2]
        return "note \(number) on the \(words[label]?[number / 2 % 2] ?? ""),\(label)\n"
      }.joined()
  }

  @Test(
    "an agent that nobody trusts is refused with the command that trusts it; trusted, it decides for the team"
  )
  func policy() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let library = try buildC(line)
    let folder = (library as NSString).deletingLastPathComponent
    let sealed = try line.cadre("plugins", "seal", folder)
    try #require(sealed.status == 0, "\(sealed.errors)")

    let before = try line.cadre("agents", pluginPath: folder)
    #expect(!before.output.contains("org.example.majority 1.0.0"))
    #expect(before.output.contains("cadre trust add \(library)"))
    let trusted = try line.cadre("trust", "add", library)
    try #require(trusted.status == 0, "\(trusted.errors)")

    try line.write("rows.csv", rows())
    let text = smallWorkflow(team: 2).replacingOccurrences(
      of: "feedback: [improve.train]",
      with: "with: {policy: org.example.majority}\n    feedback: [improve.train]")
    let file = try line.write("w.yaml", text)
    let run = try line.cadre("run", file, "--json", pluginPath: folder)
    try #require(run.status == 0, "\(run.errors)")
    let decision = try run.json()["decision"]
    #expect(decision?["policy"]?.stringValue == "org.example.majority")
    let joint = decision?["ways"]?.listValue?.first?["macro_f1"]?["value"]?.doubleValue
    #expect((joint ?? 0) > 0.9)

    // A file that changes is another digest.
    let handle = try #require(FileHandle(forWritingAtPath: library))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    try handle.close()
    let changed = try line.cadre("agents", pluginPath: folder)
    #expect(!changed.output.contains("org.example.majority 1.0.0"))
    #expect(changed.output.contains("digest"))
    let removed = try line.cadre(
      "trust", "remove", String(trusted.output.split(separator: "\n")[1]))
    #expect(removed.status == 0)
    #expect(try line.cadre("trust", "list").output.contains("nothing but what comes with Cadre"))
  }

  @Test(
    "the examples are as short as they say: Swift under 40 lines, C under 120, and no pointer in Swift"
  )
  func short() throws {
    func source(_ path: String) throws -> String {
      try String(contentsOfFile: Self.examples + path, encoding: .utf8)
    }
    let swift = try source("/swift-minimal/Sources/InlineSource/InlineSource.swift")
    #expect(swift.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < 40)
    #expect(!swift.contains("Unsafe"))
    let c = try source("/c-minimal/majority.c")
    #expect(c.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < 120)
  }

  @Test("the Swift example builds against the SDK alone, exports one symbol and collects rows")
  func swiftExample() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let folder = line.folder + "/repo"
    for part in ["SDK", "Examples/agents/swift-minimal"] {
      let target = folder + "/" + part
      try FileManager.default.createDirectory(
        atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: CommandLine.repository + "/" + part, toPath: target)
    }
    let package = folder + "/Examples/agents/swift-minimal"
    let built = try CommandLine.tool("swift", ["build", "--package-path", package])
    try #require(built.status == 0, "\(built.output)\(built.errors)")
    let plugins = line.folder + "/plugins"
    try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
    let library = plugins + "/libInlineSource.so"
    try FileManager.default.copyItem(
      atPath: package + "/.build/debug/libInlineSource.so", toPath: library)
    let sealed = try line.cadre("plugins", "seal", plugins)
    try #require(sealed.status == 0, "\(sealed.errors)")
    let trusted = try line.cadre("trust", "add", library)
    try #require(trusted.status == 0, "\(trusted.errors)")
    let file = try line.write(
      "w.yaml",
      """
      schema: cadre/1
      workflow: inline
      steps:
        collect:
          needs: {task: data.collect/1, source: inline}
          with: {messages: {spam: [win now], ham: [see you, thanks]}}
          out: {rows: "table<text:utf8, label:utf8>"}
      """)
    let run = try line.cadre("run", file, "--quiet", pluginPath: plugins)
    try #require(run.status == 0, "\(run.errors)\(run.output)")
    let rows = try line.cadre("show", "last", "collect", "--port", "rows").output
    #expect(rows.split(separator: "\n").count == 3)
    #expect(rows.contains(#"{"text":"thanks","label":"ham"}"#))
  }
}
