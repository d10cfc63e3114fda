import Autodiff
import Foundation
import Testing

@Test("Documentation/Ops.md has one row for each operation, and no other")
func opsPage() throws {
  let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let page = try String(
    contentsOf: root.appendingPathComponent("Documentation/Ops.md"), encoding: .utf8)
  let rows = page.split(separator: "\n").compactMap { line -> String? in
    guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
    let name = line.dropFirst(3)[..<end]
    return name.contains("/") ? String(name) : nil
  }
  #expect(rows.sorted() == OpRegistry.standard.all.map(\.id).sorted())
}
