import Synchronization
import Testing

@testable import AgentHost

@Suite("threads")
struct AgentThreadsTests {
  @Test("work runs at once on as many threads as the limit allows, and no more are made")
  func growing() async throws {
    let threads = AgentThreads(limit: 2)
    threads.grow(to: 4)
    let together = Barrier(4)
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Each waits for the other three: with fewer than four threads this would never end.
      for _ in 0..<4 { group.addTask { try await threads.perform { together.arrive() } } }
      try await group.waitForAll()
    }
    for _ in 0..<20 { try await threads.perform {} }
    #expect(threads.count == 4)
    threads.stop(joining: true)
  }

  @Test("one thread does its work in order; a stopped set refuses more")
  func order() async throws {
    let threads = AgentThreads(limit: 1)
    let seen = Mutex<[Int]>([])
    for index in 0..<100 { threads.submit { seen.withLock { $0.append(index) } } }
    let all = try await threads.perform { seen.withLock { $0 } }
    #expect(all == Array(0..<100))
    threads.stop(joining: true)
    #expect(!threads.submit {})
    await #expect(throws: AgentError.self) { try await threads.perform {} }
    threads.stop(joining: true)
  }

  @Test("what the work throws is thrown")
  func throwing() async throws {
    let threads = AgentThreads(limit: 1)
    let error = AgentError(.dataLoss, "gone")
    await #expect(throws: error) { try await threads.perform { throw error } }
    threads.stop(joining: true)
  }

  @Test("a gate lets all go on, also those that come later, and gives up after its limit")
  func gate() async {
    let gate = Gate()
    #expect(await gate.wait(atMost: .milliseconds(1)) == false)
    async let waiting = gate.wait(atMost: .seconds(60))
    gate.open()
    #expect(await waiting)
    #expect(await gate.wait(atMost: .zero))
  }

  @Test("job numbers tell agents and jobs apart")
  func numbers() {
    let number = JobNumber(agent: 5, job: 7)
    #expect(number.agent == 5 && number.own == 7)
    let registry = JobRegistry(agent: 5)
    for (raw, part) in [
      (0, "0 is no job"), (number.rawValue, "no job has this number"),
      (JobNumber(agent: 6, job: 1).rawValue, "another agent"),
    ] as [(UInt64, String)] {
      let error = #expect(throws: AgentError.self) { try registry.job(raw) }
      #expect(error?.message.contains(part) == true)
    }
  }
}

/// Lets `count` threads go on when all of them have come.
private final class Barrier: Sendable {
  private let lock = Mutex(0)
  private let count: Int

  init(_ count: Int) { self.count = count }

  func arrive() {
    lock.withLock { $0 += 1 }
    while lock.withLock({ $0 }) < count {}
  }
}
