import Contracts
import Testing

@Suite("Offered and wanted port types unify")
struct UnificationTests {
  private func unify(_ offered: String, _ wanted: String) throws -> Unification {
    var bindings = DimBindings()
    return try PortType.unify(
      offered: PortType(parsing: offered), wanted: PortType(parsing: wanted), bindings: &bindings)
  }

  @Test(
    "what fits, fits",
    arguments: [
      ("text", "text"), ("f64", "f64"), ("tensor<f32,[a,b]>", "tensor<f32,[x,y]>"),
      ("tensor<f32,[4]>", "tensor<f32,[n:1..8]>"), ("tensor<f32,[_]>", "tensor<f32,[9]>"),
      ("table<a:utf8, b:i64>", "table<b:i64>"), ("table<a:utf8>", "table<...>"),
      ("table<a:utf8>", "dataset<a:utf8>"), ("dataset<a:utf8>", "table<a:utf8>"),
      ("table<a:utf8>", "dataset"), ("model<t/1, f>", "model"), ("model", "model<t/1, f>"),
      ("sealed<dataset>", "sealed<dataset>"), ("dataset", "sealed<dataset>"),
      ("stream<text>", "stream<text>"),
    ])
  func fits(_ offered: String, _ wanted: String) throws {
    #expect(try unify(offered, wanted) == Unification())
  }

  @Test(
    "what does not fit names both types and the reason",
    arguments: [
      ("text", "json", PortTypeError.Code.kind, "different kinds"),
      ("i64", "f64", .kind, "different kinds"),
      ("tensor<f32,[a]>", "tensor<f64,[a]>", .shape, "f32 is not f64"),
      ("tensor<f32,[a]>", "tensor<f32,[a,b]>", .shape, "1 dimensions are not 2"),
      ("tensor<f32,[3]>", "tensor<f32,[4]>", .shape, "dimension 1: no size is both 3 and 4"),
      ("tensor<f32,[9]>", "tensor<f32,[n:1..8]>", .shape, "no size is both 9 and n:1..8"),
      ("table<text:utf8>", "table<label:utf8>", .column, "the column 'label' is missing"),
      ("table<a:utf8>", "table<a:i64>", .column, "the column 'a' is utf8, not i64"),
      ("model<t/1>", "model<u/1>", .model, "the model's task is t/1, not u/1"),
      ("sealed<dataset>", "dataset", .sealed, "it is sealed"),
      ("stream<text>", "text", .kind, "different kinds"),
    ])
  func misfits(
    _ offered: String, _ wanted: String, _ code: PortTypeError.Code, _ reason: String
  ) throws {
    let error = try #require(throws: PortTypeError.self) { try unify(offered, wanted) }
    #expect(error.code == code)
    #expect(error.message.hasPrefix("'\(offered)' does not fit '\(wanted)': "))
    #expect(error.message.contains(reason), "\(error.message)")
  }

  @Test("a misspelt column is suggested")
  func suggestion() throws {
    let error = try #require(throws: PortTypeError.self) {
      try unify("table<text:utf8, label:utf8>", "table<lable:utf8>")
    }
    #expect(error.suggestion == "did you mean 'label'?")
  }

  @Test("a team given to a consumer of one fans out; one given to a consumer of teams is a team")
  func delivery() throws {
    #expect(try unify("team<model>", "model").delivery == .fanOut)
    #expect(try unify("model", "team<model>").delivery == .teamOfOne)
    #expect(try unify("team<model>", "team<model>").delivery == .direct)
    #expect(throws: PortTypeError.self) { try unify("team<sealed<dataset>>", "dataset") }
  }

  @Test("columns that only the data can show are named")
  func unchecked() throws {
    #expect(try unify("dataset", "table<a:utf8, b:i64>").uncheckedColumns == ["a", "b"])
    #expect(try unify("table<a:utf8, ...>", "table<a:utf8, b:i64>").uncheckedColumns == ["b"])
  }

  @Test("symbols unify like type variables, across ports and through chains")
  func symbols() throws {
    var bindings = DimBindings()
    func port(_ text: String) throws -> PortType { try PortType(parsing: text) }
    _ = try PortType.unify(
      offered: port("tensor<f32,[a,b]>"), wanted: port("tensor<f32,[x,x]>"), bindings: &bindings)
    #expect(bindings.areEqual("a", "b"))
    _ = try PortType.unify(
      offered: port("tensor<f32,[a]>"), wanted: port("tensor<f32,[5]>"), bindings: &bindings)
    #expect(bindings.size(of: "b") == 5)
    let before = bindings
    let error = try #require(throws: PortTypeError.self) {
      try PortType.unify(
        offered: port("tensor<f32,[c,b]>"), wanted: port("tensor<f32,[2,6]>"), bindings: &bindings)
    }
    #expect(error.message.contains("no size is both b (5 here) and 6"), "\(error.message)")
    #expect(bindings == before, "a failed unification must leave no trace")
  }

  @Test("ranges meet; where they do not, the sizes are named")
  func ranges() throws {
    var bindings = DimBindings()
    try bindings.unify(.symbol("a", range: SizeRange(min: 1, max: 64)), .symbol("b"))
    try bindings.unify(.symbol("b"), .symbol("c", range: SizeRange(min: 32, max: nil)))
    #expect(bindings.range(of: "a") == SizeRange(min: 32, max: 64))
    #expect(throws: PortTypeError.self) { try bindings.unify(.symbol("a"), .fixed(8)) }
    // A symbol's own range counts each time that it is written.
    #expect(throws: PortTypeError.self) {
      try bindings.unify(.symbol("a", range: SizeRange(min: 1, max: 2)), .anonymous)
    }
  }

  @Test("a scope keeps the symbols of two steps apart and is not shown")
  func scope() throws {
    let type = try PortType(parsing: "tensor<f32,[rows,3]>")
    var bindings = DimBindings()
    _ = try PortType.unify(
      offered: type.scoped("a"), wanted: PortType(parsing: "tensor<f32,[7,3]>"),
      bindings: &bindings)
    #expect(bindings.size(of: "a/rows") == 7)
    #expect(bindings.size(of: "rows") == nil)
    #expect(type.scoped("a").description == "tensor<f32,[rows,3]>")
  }

  @Test("a leading dimension 'team' is a team")
  func unstacking() throws {
    let type = try PortType(parsing: "tensor<f32,[team,rows]>")
    #expect(type.unstackingTeam.description == "team<tensor<f32,[rows]>>")
    let plain = try PortType(parsing: "tensor<f32,[rows,team]>")
    #expect(plain.unstackingTeam == plain)
  }

  @Test(
    "near misses are near",
    arguments: [
      ("lable", "label"), ("tem", "team"), ("params", "param"), ("mapp", "map"), ("TEXT", "text"),
    ])
  func nearMiss(_ word: String, _ meant: String) {
    let known = ["label", "team", "param", "map", "text", "resources"]
    #expect(NearMiss.nearest(to: word, among: known) == meant)
  }

  @Test("what is far is not suggested")
  func farMiss() {
    #expect(NearMiss.nearest(to: "banana", among: ["label", "team"]) == nil)
    #expect(NearMiss.nearest(to: "x", among: []) == nil)
    #expect(NearMiss.nearest(to: "", among: ["label"]) == nil)
  }
}
