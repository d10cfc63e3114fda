import AgentKit
import CadreABI
import Testing

struct PlainAgent: Agent {
  static let identity = AgentIdentity(id: "org.example.plain", version: "0.1.0", about: "plain")
  init(host: Host, config: JSONValue) {}
  var offers: [Offer] { [Offer("org.example.nothing/1")] }
  func prepare(_ award: Award) throws -> any Assignment { PlainAssignment() }
}

struct PlainAssignment: Assignment {
  func run(_ job: Job) {}
}

struct IdleAgent: Agent {
  static let identity = AgentIdentity(id: "org.example.idle", version: "0.1.0")
  init(host: Host, config: JSONValue) {}
  var offers: [Offer] { [] }
  func prepare(_ award: Award) throws -> any Assignment { PlainAssignment() }
}

/// A number as a type, so that agent types can be made in any number.
protocol Numeral { static var value: Int { get } }
enum Zero: Numeral { static var value: Int { 0 } }
enum Successor<Before: Numeral>: Numeral { static var value: Int { Before.value + 1 } }

struct NumberedAgent<Number: Numeral>: Agent {
  static var identity: AgentIdentity {
    AgentIdentity(id: "org.example.number-\(Number.value)", version: "0.1.0")
  }
  init(host: Host, config: JSONValue) {}
  var offers: [Offer] { [Offer("org.example.number\(Number.value)/1")] }
  func prepare(_ award: Award) throws -> any Assignment { PlainAssignment() }
}

/// An entry under another name, as an author writes it.
@c(cadre_entry_agentkit_tests)
public func entryForTests(_ boot: Boot) -> Module { AgentModule.start(boot, PlainAgent.self) }

@Suite struct HandshakeTests {
  @Test("an entry written by the two lines of the guide is a cadre_entry")
  func entryType() throws {
    let entry: cadre_entry = entryForTests
    var boot = cadre_boot()
    boot.magic = UInt32(CADRE_BOOT_MAGIC)
    boot.minor = UInt16(CADRE_ABI_MINOR)
    let module = try #require(entry(&boot))
    #expect(module.pointee.id.string == "org.example.plain")
    #expect(module.pointee.version.string == "0.1.0")
    #expect(module.pointee.about.string == "plain")
    #expect(Int(module.pointee.size) == CADRE_END_cadre_module_extension)
  }

  @Test("the same type has one module, another type another one")
  func oneModuleAType() throws {
    #expect(try start(PlainAgent.self) == start(PlainAgent.self))
    #expect(try start(PlainAgent.self) != start(IdleAgent.self))
  }

  @Test("an image holds any number of agent types, and each module opens its own")
  func manyTypes() throws {
    func check<Number: Numeral>(_ number: Number.Type) throws {
      let module = try #require(try start(NumberedAgent<Number>.self))
      #expect(module.pointee.id.string == "org.example.number-\(Number.value)")
      if Number.value < 40 { try check(Successor<Number>.self) }
      let opened = try OpenedAgent(module: module, TestHost())
      defer { opened.close() }
      let offer = try #require(opened.offer(0))
      #expect(offer.pointee.task.string == "org.example.number\(Number.value)/1")
    }
    try check(Zero.self)
  }

  @Test("opening without the module, the host or out is refused")
  func openedWithoutModule() throws {
    let module = try #require(try start(PlainAgent.self))
    let test = TestHost()
    var opened: UnsafeMutablePointer<cadre_agent>?
    for attempt in [
      { module.pointee.open(nil, test.host, cadre_str(), &opened) },
      { module.pointee.open(module, nil, cadre_str(), &opened) },
      { module.pointee.open(module, test.host, cadre_str(), nil) },
    ] {
      let refusal = #expect(throws: Refusal.self) { try Refusal.check(attempt()) }
      #expect(refusal?.code == Int(CADRE_INVALID_ARGUMENT))
      #expect(opened == nil)
    }
  }

  @Test(
    "another major or minor version is refused with both versions",
    arguments: [
      (CADRE_ABI_MAJOR + 1, CADRE_ABI_MINOR), (CADRE_ABI_MAJOR, CADRE_ABI_MINOR + 1),
    ].map { (Int($0.0), Int($0.1)) })
  func otherVersion(major: Int, minor: Int) {
    let refusal = #expect(throws: Refusal.self) {
      try start(PlainAgent.self, major: major, minor: minor)
    }
    #expect(refusal?.message.contains("org.example.plain 0.1.0") == true)
    #expect(refusal?.message.contains("\(CADRE_ABI_MAJOR).\(CADRE_ABI_MINOR)") == true)
    #expect(refusal?.message.contains("\(major).\(minor)") == true)
    #expect(refusal?.message.contains("rebuild") == true)
  }

  @Test("a caller that is no host is refused")
  func otherMagic() {
    let refusal = #expect(throws: Refusal.self) { try start(PlainAgent.self, magic: 5) }
    #expect(refusal?.message.contains("no Cadre host") == true)
  }

  @Test("an agent that offers nothing does not open")
  func nothingOffered() {
    let refusal = #expect(throws: Refusal.self) { try OpenedAgent(IdleAgent.self, TestHost()) }
    #expect(refusal?.code == Int(CADRE_FAILED_PRECONDITION))
  }
}
