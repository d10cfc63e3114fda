import Testing

@testable import PluginLoader

struct LoadMachineTests {
  private static let failure = PluginError(.crashed, file: "x.so", "x.so failed", remedy: "none")

  private func run(_ events: [LoadMachine.Event]) -> (LoadMachine, [LoadMachine.Action]) {
    var machine = LoadMachine()
    var actions = [machine.start()]
    for event in events { actions.append(machine.handle(event)) }
    return (machine, actions)
  }

  @Test("a first load goes through every stage")
  func first() {
    let (machine, actions) = run([
      .inspected(.unknown), .probed, .staged(isNew: true), .opened, .accepted,
    ])
    #expect(actions == [.inspect, .probe, .stage, .open, .accept, .deliver])
    #expect(machine.state == .reached(.ready))
  }

  @Test("what has passed a probe is not probed again; what is loaded is given out")
  func shortcuts() {
    #expect(run([.inspected(.probed)]).1 == [.inspect, .stage])
    let (machine, actions) = run([.inspected(.open)])
    #expect(actions == [.inspect, .deliver] && machine.state == .reached(.ready))
  }

  @Test("a failure undoes what stands at its stage, and no more")
  func failures() {
    typealias Case = ([LoadMachine.Event], LoadMachine.Stage, [LoadMachine.Undo])
    let cases: [Case] = [
      ([], .found, []),
      ([.inspected(.unknown)], .inspected, [.removeCopy]),
      ([.inspected(.unknown), .probed], .probed, [.removeCopy]),
      ([.inspected(.probed)], .probed, [.removeCopy]),
      (
        [.inspected(.unknown), .probed, .staged(isNew: true)], .staged,
        [.removeImage, .forgetProbe]
      ),
      ([.inspected(.probed), .staged(isNew: false)], .staged, [.forgetProbe]),
      (
        [.inspected(.probed), .staged(isNew: true), .opened], .opened, [.removeImage, .forgetProbe]
      ),
    ]
    for (events, stage, undo) in cases {
      let (machine, actions) = run(events + [.failed(Self.failure)])
      #expect(machine.state == .refused(at: stage, reason: Self.failure))
      #expect(actions.last == .refuse(Self.failure, undoing: undo))
    }
  }
}
