import AgentKit
import CadreABI
import Testing

/// What a failed call said, read through the accessors of its error object.
struct Refusal: Error, Equatable {
  let code: Int
  let message: String
  let place: String
  let retryAfter: UInt64
  let causes: [String]

  /// Reads and releases an error; nil is success.
  static func check(_ error: UnsafeMutablePointer<cadre_error>?) throws {
    guard let error else { return }
    var causes: [String] = []
    var cause = error.pointee.cause?(error)
    while let next = cause {
      causes.append(next.pointee.message(next).string)
      cause = next.pointee.cause?(next)
    }
    let refusal = Refusal(
      code: Int(error.pointee.code(error)), message: error.pointee.message(error).string,
      place: error.pointee.where?(error).string ?? "",
      retryAfter: error.pointee.retry_after?(error) ?? 0,
      causes: causes)
    error.pointee.release(error)
    throw refusal
  }
}

/// An agent opened through the module table, as a host does it.
final class OpenedAgent {
  let test: TestHost
  let table: UnsafeMutablePointer<cadre_agent>

  convenience init(
    _ type: (some Agent).Type, _ test: TestHost, config: String = "{}"
  ) throws {
    try self.init(module: #require(try start(type)), test, config: config)
  }

  init(module: UnsafePointer<cadre_module>, _ test: TestHost, config: String = "{}") throws {
    self.test = test
    var opened: UnsafeMutablePointer<cadre_agent>?
    try Refusal.check(
      module.pointee.open(module, test.host, test.memory.str(config), &opened))
    table = try #require(opened)
  }

  func close() { table.pointee.close(table) }

  func offer(_ index: UInt32) -> UnsafePointer<cadre_offer>? { table.pointee.offer(table, index) }

  func prepare(
    settings: String = "", bound: [String: (UnsafeMutablePointer<cadre_value>) -> Void] = [:]
  ) throws -> OpaquePointer {
    test.inputs.merge(bound) { $1 }
    var award = cadre_award()
    award.size = UInt32(CADRE_END_cadre_award_input)
    award.id = 7
    award.task = test.memory.str("org.example.all/1")
    award.role = test.memory.str("critic")
    award.team_size = 3
    award.member = 2
    award.settings = test.memory.str(settings)
    award.seed = 11
    award.memory = 1 << 20
    award.threads = 2
    award.data = Unmanaged.passUnretained(test).toOpaque()
    award.input = { award, port, out in
      guard let data = award?.pointee.data, let out else { return nil }
      let test = Unmanaged<TestHost>.fromOpaque(data).takeUnretainedValue()
      guard let fill = test.inputs[port.string] else {
        return test.error(CADRE_NOT_FOUND, "nothing is bound to '\(port.string)'")
      }
      fill(out)
      return nil
    }
    var assignment: OpaquePointer?
    try Refusal.check(table.pointee.prepare(table, &award, &assignment))
    return try #require(assignment)
  }

  func run(_ assignment: OpaquePointer, job: UInt64 = 99) throws {
    var state: UInt32 = 0
    try Refusal.check(table.pointee.run(table, assignment, job, &state))
    #expect(state == UInt32(CADRE_FINISHED))
    test.finishAllocations()
  }

  func release(_ assignment: OpaquePointer) { table.pointee.release(table, assignment) }
}

/// What an entry said when it refused.
private final class Said {
  var reason = ""
}

/// Starts a module as an entry does, with this build's version.
func start(
  _ type: (some Agent).Type, major: Int = Int(CADRE_ABI_MAJOR), minor: Int = Int(CADRE_ABI_MINOR),
  magic: UInt32 = UInt32(CADRE_BOOT_MAGIC)
) throws -> UnsafePointer<cadre_module>? {
  let said = Said()
  var boot = cadre_boot(
    magic: magic, major: UInt16(major), minor: UInt16(minor),
    data: Unmanaged.passUnretained(said).toOpaque(),
    refuse: { boot, reason in
      guard let data = boot?.pointee.data else { return }
      Unmanaged<Said>.fromOpaque(data).takeUnretainedValue().reason = reason.string
    })
  let module = AgentModule.start(&boot, type)
  guard module != nil else {
    throw Refusal(
      code: Int(CADRE_FAILED_PRECONDITION), message: said.reason, place: "", retryAfter: 0,
      causes: [])
  }
  return module
}

/// An agent whose behaviour a test states.
struct ScriptedAgent: Agent {
  static let identity = AgentIdentity(
    id: "org.example.scripted", version: "1.2.3", about: "does what a test says")

  /// What a test wants to happen; one test at a time, because `Agent.init` takes no closures.
  nonisolated(unsafe) static var script = Script()

  struct Script {
    var offers: [Offer] = [Offer("org.example.all/1")]
    var open: (Host, JSONValue) throws -> Void = { _, _ in }
    var bid: (Call) throws -> BidAnswer = { _ in .yes() }
    var prepare: (Award) throws -> Void = { _ in }
    var run: (Job) throws -> Void = { _ in }
  }

  init(host: Host, config: JSONValue) throws { try Self.script.open(host, config) }

  var offers: [Offer] { Self.script.offers }

  func bid(_ call: Call) throws -> BidAnswer { try Self.script.bid(call) }

  func prepare(_ award: Award) throws -> any Assignment {
    try Self.script.prepare(award)
    return ScriptedAssignment()
  }
}

struct ScriptedAssignment: Assignment {
  func run(_ job: Job) throws { try ScriptedAgent.script.run(job) }
}
