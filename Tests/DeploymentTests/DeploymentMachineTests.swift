import Deployment
import Testing

@Suite struct DeploymentMachineTests {
  @Test("a deployment writes, loads, warms up and routes, in this order")
  func order() throws {
    var machine = DeploymentMachine()
    #expect(machine.start() == .write)
    #expect(try machine.handle(.wrote(version: 4)) == .load(version: 4))
    #expect(try machine.handle(.loaded) == .warmUp(version: 4))
    #expect(try machine.handle(.warmedUp) == .route(version: 4))
    #expect(try machine.handle(.routed) == .finish)
    #expect(machine.state == .routed(version: 4))
  }

  @Test("a failure before the alias has moved discards the version and never routes it")
  func failure() throws {
    for events: [DeploymentMachine.Event] in [
      [.wrote(version: 2)], [.wrote(version: 2), .loaded],
      [.wrote(version: 2), .loaded, .warmedUp],
    ] {
      var machine = DeploymentMachine()
      for event in events { _ = try machine.handle(event) }
      #expect(
        try machine.handle(.failed("broken")) == .discard(version: 2, reason: "broken"))
      #expect(throws: DeploymentError.self) { try machine.handle(.routed) }
    }
    var machine = DeploymentMachine()
    #expect(try machine.handle(.failed("disk full")) == .finish)
  }

  @Test("an event out of order is refused and changes nothing")
  func outOfOrder() throws {
    var machine = DeploymentMachine()
    _ = try machine.handle(.wrote(version: 1))
    let before = machine
    #expect(throws: DeploymentError.self) { try machine.handle(.routed) }
    #expect(machine == before)
  }
}

@Suite struct ModelReferenceTests {
  @Test("names, aliases and versions are read")
  func read() throws {
    #expect(try ModelReference(parsing: "support").selector == .alias("latest"))
    #expect(try ModelReference(parsing: "support@prod").selector == .alias("prod"))
    #expect(try ModelReference(parsing: "support:3").selector == .version(3))
    #expect(try ModelReference(parsing: "support:3").description == "support:3")
  }

  @Test(
    "what could leave the registry's folder is no name",
    arguments: ["", "..", "a/b", "../a", "a@", "a:0", "a:x", ".hidden", "a b", "@prod"])
  func refused(text: String) {
    #expect(throws: DeploymentError.self) { try ModelReference(parsing: text) }
  }
}
