import OpBridge
import Testing

@Suite("handles")
struct HandleTableTests {
  private final class Thing: Sendable {
    let name: String
    init(_ name: String) { self.name = name }
  }

  @Test("a handle lives until its last reference is released")
  func counting() throws {
    let table = HandleTable<Thing>(tag: 1)
    let handle = table.insert(Thing("a"))
    #expect(table.retain(handle))
    #expect(table.release(handle))
    #expect(table.find(handle)?.name == "a")
    #expect(table.release(handle))
    #expect(table.find(handle) == nil)
    #expect(!table.release(handle))
    #expect(!table.retain(handle))
    #expect(table.count == 0)
  }

  @Test("a released handle stays refused when its place is used again")
  func reuse() {
    let table = HandleTable<Thing>(tag: 1)
    let old = table.insert(Thing("old"))
    table.release(old)
    let new = table.insert(Thing("new"))
    #expect(old != new)
    #expect(table.find(old) == nil)
    #expect(table.find(new)?.name == "new")
  }

  @Test("handles of another table, NULL and made-up ones are refused")
  func foreign() {
    let a = HandleTable<Thing>(tag: 1)
    let b = HandleTable<Thing>(tag: 2)
    let handle = a.insert(Thing("a"))
    _ = b.insert(Thing("b"))
    #expect(b.find(handle) == nil)
    #expect(a.find(nil) == nil)
    #expect(a.find(OpaquePointer(bitPattern: 0x7fff_1234_5678)) == nil)
    #expect(a.find(OpaquePointer(bitPattern: UInt.max)) == nil)
  }

  @Test("ending all handles says how many were alive and lets the objects go")
  func removal() {
    let table = HandleTable<Thing>(tag: 1)
    weak var watched: Thing?
    do {
      let thing = Thing("a")
      watched = thing
      _ = table.insert(thing)
      _ = table.insert(Thing("b"))
    }
    #expect(watched != nil)
    #expect(table.removeAll() == 2)
    #expect(watched == nil)
    #expect(table.count == 0)
  }
}
