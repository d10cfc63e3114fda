import Foundation
import Testing

@testable import Workflow

@Suite("The reference page tells the truth")
struct ReferencePageTests {
  /// The YAML blocks of Documentation/Workflow.md, in order.
  private func blocks() throws -> [String] {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let page = try String(
      contentsOf: folder.appending(path: "Documentation/Workflow.md"), encoding: .utf8)
    return page.components(separatedBy: "```yaml\n").dropFirst().map { part in
      String(part[..<(part.firstRange(of: "```")?.lowerBound ?? part.endIndex)])
    }
  }

  @Test("its workflow has no problems")
  func example() throws {
    let example = try #require(try blocks().first)
    #expect(example.hasPrefix("schema: cadre/1"))
    #expect(SampleWorkflows.problems(example).map(\.description) == [])
  }

  @Test("its split by named files has no problems")
  func namedFiles() throws {
    let steps = try #require(try blocks().last)
    #expect(steps.hasPrefix("collect:"))
    let indented = steps.split(separator: "\n").map { "  \($0)\n" }.joined()
    let text = "schema: cadre/1\nworkflow: files\nsteps:\n" + indented
    #expect(SampleWorkflows.problems(text).map(\.description) == [])
  }

  @Test("it names every key of a step and of the file")
  func keys() throws {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let page = try String(
      contentsOf: folder.appending(path: "Documentation/Workflow.md"), encoding: .utf8)
    for key in FileReader.stepKeys + ["schema", "workflow", "seed", "params", "steps"] {
      #expect(page.contains("`\(key)`"), "\(key)")
    }
  }
}
