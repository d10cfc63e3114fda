import Testing

@testable import AgentHost

@Suite("the agent's life as a state machine")
struct AgentLifecycleTests {
  private typealias Life = AgentLifecycle

  private func a(_ number: UInt64) -> AssignmentNumber { AssignmentNumber(rawValue: number) }
  private func j(_ number: UInt64) -> JobNumber { JobNumber(agent: 1, job: number) }

  /// An agent with one prepared assignment.
  private func prepared(maxJobs: Int = 1) -> AgentLifecycle {
    var life = AgentLifecycle()
    _ = life.handle(.prepare(a(1), maxJobs: maxJobs))
    _ = life.handle(.prepared(a(1)))
    return life
  }

  @Test("prepare, run, end, release, close: the whole life")
  func wholeLife() {
    var life = AgentLifecycle()
    #expect(life.handle(.prepare(a(1), maxJobs: 1)) == [.callPrepare(a(1))])
    #expect(life.handle(.prepared(a(1))) == [])
    #expect(life.handle(.submit(j(1), a(1))) == [.callRun(j(1))])
    #expect(life.handle(.ended(j(1))) == [])
    #expect(life.handle(.release(a(1))) == [.callRelease(a(1))])
    #expect(life.handle(.released(a(1))) == [])
    #expect(life.handle(.close) == [.callQuiesce])
    #expect(life.handle(.quiesced) == [.callClose])
    #expect(life.phase == .closed)
  }

  @Test("no more than maxJobs run at once; the others wait in line")
  func line() {
    var life = prepared(maxJobs: 2)
    #expect(life.handle(.submit(j(1), a(1))) == [.callRun(j(1))])
    #expect(life.handle(.submit(j(2), a(1))) == [.callRun(j(2))])
    #expect(life.handle(.submit(j(3), a(1))) == [])
    #expect(life.handle(.submit(j(4), a(1))) == [])
    #expect(life.handle(.ended(j(2))) == [.callRun(j(3))])
    #expect(life.handle(.ended(j(3))) == [.callRun(j(4))])
  }

  @Test("a job in line can be withdrawn, one that runs cannot")
  func withdrawing() {
    var life = prepared()
    _ = life.handle(.submit(j(1), a(1)))
    _ = life.handle(.submit(j(2), a(1)))
    #expect(life.handle(.withdraw(j(1))) == [])
    #expect(life.handle(.withdraw(j(2))) == [.refuseJob(j(2), .withdrawn)])
    #expect(life.handle(.ended(j(1))) == [])
  }

  @Test("release stops the jobs, drops the line and waits for the last job")
  func releasing() {
    var life = prepared()
    _ = life.handle(.submit(j(1), a(1)))
    _ = life.handle(.submit(j(2), a(1)))
    #expect(
      life.handle(.release(a(1))) == [.refuseJob(j(2), .assignmentReleased), .stop(j(1))])
    #expect(life.handle(.submit(j(3), a(1))) == [.refuseJob(j(3), .assignmentReleased)])
    #expect(life.handle(.release(a(1))) == [])
    #expect(life.handle(.ended(j(1))) == [.callRelease(a(1))])
  }

  @Test("an abandoned job keeps its place; when all places are lost, nobody waits in vain")
  func abandoning() {
    var life = prepared()
    _ = life.handle(.submit(j(1), a(1)))
    _ = life.handle(.submit(j(2), a(1)))
    #expect(life.handle(.abandoned(j(1))) == [.refuseJob(j(2), .allAbandoned)])
    #expect(life.handle(.submit(j(3), a(1))) == [.refuseJob(j(3), .allAbandoned)])
    #expect(life.aliveJobs == [j(1)])
    #expect(life.handle(.ended(j(1))) == [])
    #expect(life.handle(.submit(j(4), a(1))) == [.callRun(j(4))])
  }

  @Test("close lets jobs go on until quiesce came back, then stops them, and waits for them")
  func closing() {
    var life = prepared(maxJobs: 1)
    _ = life.handle(.submit(j(1), a(1)))
    _ = life.handle(.submit(j(2), a(1)))
    #expect(life.handle(.close) == [.refuseJob(j(2), .agentClosing), .callQuiesce])
    #expect(life.handle(.submit(j(3), a(1))) == [.refuseJob(j(3), .agentClosing)])
    #expect(
      life.handle(.prepare(a(2), maxJobs: 1)) == [.refuseAward(a(2), .agentClosing)])
    #expect(life.handle(.quiesced) == [.stop(j(1))])
    #expect(life.handle(.abandoned(j(1))) == [])
    #expect(life.phase == .closing)
    #expect(life.handle(.ended(j(1))) == [.callRelease(a(1))])
    #expect(life.handle(.released(a(1))) == [.callClose])
    #expect(life.handle(.close) == [])
  }

  @Test("an award whose prepare comes back after close began is released before the agent closes")
  func lateAward() {
    var life = AgentLifecycle()
    _ = life.handle(.prepare(a(1), maxJobs: 1))
    _ = life.handle(.close)
    #expect(life.handle(.quiesced) == [])
    #expect(
      life.handle(.prepared(a(1))) == [.refuseAward(a(1), .agentClosing), .callRelease(a(1))])
    #expect(life.handle(.released(a(1))) == [.callClose])
  }

  @Test("an award that failed is gone, and closing goes on without it")
  func failedAward() {
    var life = AgentLifecycle()
    _ = life.handle(.prepare(a(1), maxJobs: 1))
    _ = life.handle(.close)
    _ = life.handle(.quiesced)
    #expect(life.handle(.prepareFailed(a(1))) == [.callClose])
  }

  @Test("events that cannot be are violations and change nothing")
  func violations() {
    var life = prepared()
    #expect(life.handle(.ended(j(9))) == [.violation(.unknownJob(j(9)))])
    #expect(life.handle(.released(a(9))) == [.violation(.unknownAssignment(a(9)))])
    #expect(life.handle(.released(a(1))) == [.violation(.unknownAssignment(a(1)))])
    #expect(life.handle(.quiesced) == [.violation(.outOfOrder)])
    #expect(life.handle(.prepared(a(1))) == [.violation(.outOfOrder)])
    #expect(life.handle(.submit(j(1), a(1))) == [.callRun(j(1))])
  }

  @Test(
    "whatever happens, run, release and close come in a legal order and all of them come",
    arguments: 0..<64)
  func randomWalk(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var walk = Walk(life: AgentLifecycle())
    for _ in 0..<200 { walk.step(&random) }
    walk.drain()
    #expect(walk.faults == [])
    #expect(walk.closes == 1)
    #expect(walk.prepared == walk.released)
    #expect(walk.submitted == walk.settled)
  }
}

/// A shell that does what the machine says, in a random order, and notes each illegal call.
private struct Walk {
  var life: AgentLifecycle
  var faults: [String] = []
  var closes = 0
  var prepared: Set<UInt64> = []
  var released: Set<UInt64> = []
  var submitted: Set<UInt64> = []
  var settled: Set<UInt64> = []

  private var preparing: [UInt64] = []
  private var releasing: [UInt64] = []
  private var running: [UInt64: UInt64] = [:]
  private var owner: [UInt64: UInt64] = [:]
  private var isQuiescing = false
  private var next: UInt64 = 0

  init(life: AgentLifecycle) { self.life = life }

  mutating func step(_ random: inout SeededGenerator) {
    switch UInt64.random(in: 0..<100, using: &random) {
    case 0..<10: prepare()
    case 10..<20: finishPrepare(fails: Bool.random(using: &random))
    case 20..<50: submit(&random)
    case 50..<75: if let job = running.keys.sorted().randomElement(using: &random) { end(job) }
    case 75..<80:
      if let job = running.keys.sorted().randomElement(using: &random) {
        tell(.abandoned(JobNumber(agent: 1, job: job)))
      }
    case 80..<85:
      if let job = submitted.subtracting(settled).sorted().randomElement(using: &random) {
        tell(.withdraw(JobNumber(agent: 1, job: job)))
      }
    case 85..<92:
      if let number = prepared.sorted().randomElement(using: &random) {
        tell(.release(AssignmentNumber(rawValue: number)))
      }
    case 92..<98: finishRelease()
    case 98: tell(.close)
    default: finishQuiesce()
    }
  }

  mutating func drain() {
    tell(.close)
    while !preparing.isEmpty { finishPrepare(fails: false) }
    finishQuiesce()
    while let job = running.keys.min() { end(job) }
    while !releasing.isEmpty { finishRelease() }
  }

  private mutating func prepare() {
    next += 1
    tell(.prepare(AssignmentNumber(rawValue: next), maxJobs: 2))
  }

  private mutating func finishPrepare(fails: Bool) {
    guard let number = preparing.popLast() else { return }
    if !fails { prepared.insert(number) }
    let assignment = AssignmentNumber(rawValue: number)
    tell(fails ? .prepareFailed(assignment) : .prepared(assignment))
  }

  private mutating func submit(_ random: inout SeededGenerator) {
    guard let number = prepared.sorted().randomElement(using: &random) else { return }
    next += 1
    submitted.insert(next)
    owner[next] = number
    tell(.submit(JobNumber(agent: 1, job: next), AssignmentNumber(rawValue: number)))
  }

  private mutating func end(_ job: UInt64) {
    running[job] = nil
    settled.insert(job)
    tell(.ended(JobNumber(agent: 1, job: job)))
  }

  private mutating func finishRelease() {
    guard let number = releasing.popLast() else { return }
    released.insert(number)
    tell(.released(AssignmentNumber(rawValue: number)))
  }

  private mutating func finishQuiesce() {
    guard isQuiescing else { return }
    isQuiescing = false
    tell(.quiesced)
  }

  private mutating func tell(_ event: AgentLifecycle.Event) {
    for action in life.handle(event) { perform(action) }
  }

  private mutating func perform(_ action: AgentLifecycle.Action) {
    switch action {
    case .callPrepare, .callRun, .callRelease, .callQuiesce, .stop:
      if closes > 0 { faults.append("\(action) after close") }
    default: break
    }
    switch action {
    case .callPrepare(let number): preparing.append(number.rawValue)
    case .callRun(let job):
      guard let number = owner[job.own] else { return }
      if !prepared.contains(number) || released.contains(number) || releasing.contains(number) {
        faults.append("run of a job without assignment")
      }
      if settled.contains(job.own) { faults.append("run of a job that was refused") }
      running[job.own] = number
      if running.values.count(where: { $0 == number }) > 2 { faults.append("too many jobs") }
    case .callRelease(let number):
      if running.values.contains(number.rawValue) { faults.append("release with jobs alive") }
      if releasing.contains(number.rawValue) || released.contains(number.rawValue) {
        faults.append("release twice")
      }
      prepared.insert(number.rawValue)
      releasing.append(number.rawValue)
    case .refuseJob(let job, _):
      if !settled.insert(job.own).inserted { faults.append("refused twice") }
      if running[job.own] != nil { faults.append("a running job was refused") }
    case .callQuiesce: isQuiescing = true
    case .callClose:
      closes += 1
      if prepared != released || !running.isEmpty || !preparing.isEmpty {
        faults.append("close with something open")
      }
    case .stop(let job):
      if running[job.own] == nil { faults.append("stop of a job that does not run") }
    case .refuseAward: break
    case .violation(let violation): faults.append("\(violation)")
    }
  }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
