import ArrowTables
import Testing

@Suite struct TableTests {
  private func table() throws -> Table {
    try Table(columns: [
      TableColumn("text", .utf8(["a", nil, "c"])), TableColumn("n", .i64([1, 2, nil])),
    ])
  }

  @Test("columns of unequal length and of one name are refused")
  func refusals() throws {
    let unequal = #expect(throws: TableError.self) {
      try Table(columns: [TableColumn("a", .i64([1])), TableColumn("b", .i64([1, 2]))])
    }
    #expect(unequal?.code == .unequalLengths)
    #expect(unequal?.column == "b")
    let twice = #expect(throws: TableError.self) {
      try Table(columns: [TableColumn("a", .i64([1])), TableColumn("a", .i64([2]))])
    }
    #expect(twice?.code == .duplicateColumn)
  }

  @Test("a missing column names those that are there")
  func missing() throws {
    let error = #expect(throws: TableError.self) { try table().strings("label") }
    #expect(error?.code == .missingColumn)
    #expect(error?.message.contains("'text', 'n'") == true)
  }

  @Test("a column of another type is refused; whole numbers read as numbers")
  func types() throws {
    let error = #expect(throws: TableError.self) { try table().strings("n") }
    #expect(error?.code == .wrongType)
    #expect(try table().doubles("n") == [1, 2, nil])
  }

  @Test("selecting keeps the order asked for")
  func selecting() throws {
    let selected = try table().selecting(["n", "text"])
    #expect(selected.columns.map(\.name) == ["n", "text"])
    #expect(selected.rowCount == 3)
  }

  @Test("rows come in the order asked for, and more than once")
  func rows() throws {
    #expect(try table().rows(at: [2, 0, 0]).strings("text") == ["c", "a", "a"])
  }

  @Test("appending matches columns by name and refuses other tables")
  func appending() throws {
    let other = try Table(columns: [
      TableColumn("n", .i64([9])), TableColumn("text", .utf8(["z"])),
    ])
    let both = try table().appending(other)
    #expect(try both.strings("text") == ["a", nil, "c", "z"])
    #expect(try both.integers("n") == [1, 2, nil, 9])
    #expect(throws: TableError.self) { try table().appending(table().selecting(["n"])) }
    let wrong = try Table(columns: [TableColumn("n", .f64([9])), TableColumn("text", .utf8(["z"]))])
    #expect(throws: TableError.self) { try table().appending(wrong) }
  }

  @Test("replacing changes a column in its place and adds a new one at the end")
  func replacing() throws {
    let changed = try table().replacing(TableColumn("text", .utf8(["x", "y", "z"])))
    #expect(changed.columns.map(\.name) == ["text", "n"])
    #expect(try changed.strings("text") == ["x", "y", "z"])
    let added = try table().replacing(TableColumn("part", .utf8(["x", "y", "z"])))
    #expect(added.columns.map(\.name) == ["text", "n", "part"])
    #expect(throws: TableError.self) { try table().replacing(TableColumn("text", .utf8([]))) }
  }
}
