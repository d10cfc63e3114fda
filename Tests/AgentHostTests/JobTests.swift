import Contracts
import PluginFixtures
import TensorCore
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("jobs")
  struct JobTests {
    private func text(_ outputs: [String: Value]) -> String? {
      if case .text(let text)? = outputs["text"] { text } else { nil }
    }

    @Test("a pending job ends by `done` from the agent's own thread, many at once")
    func pending() async throws {
      try await withAssignment(fixture_pending()) { agent, assignment in
        let texts = try await withThrowingTaskGroup(of: String?.self) { group in
          for _ in 0..<50 {
            group.addTask { text(try await assignment.run(JobRequest())) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts == Array(repeating: "late", count: 50))
        #expect(agent.violationCount == 0)
        #expect(agent.aliveJobCount == 0)
      }
    }

    @Test("`done` before `run` has come back is right; twice, or beside FINISHED, is a violation")
    func doneInTime() async throws {
      for (mode, violations) in [("early", 0), ("twice", 1), ("both", 1)] {
        try await withAssignment(fixture_pending(), settings: ["mode": .string(mode)]) {
          agent, assignment in
          let outputs = try await assignment.run(JobRequest())
          #expect(text(outputs) == "late", "\(mode)")
          #expect(agent.violationCount == violations, "\(mode)")
        }
      }
    }

    @Test("an error given to `done` reaches the caller and is released once")
    func doneWithError() async throws {
      let before = fixture_errors_released()
      try await withAssignment(fixture_pending(), settings: ["mode": "error"]) { _, assignment in
        let error = try await agentError { _ = try await assignment.run(JobRequest()) }
        #expect(error.code == .aborted)
        #expect(error.message == "changed its mind; because: the disk was full")
      }
      #expect(fixture_errors_released() == before + 1)
    }

    @Test("the number of a job that has ended is refused and counted")
    func staleNumber() async throws {
      try await withAssignment(fixture_pending(), settings: ["mode": "stale"]) {
        agent, assignment in
        // The first job meets the number of another agent's job, or 0; the second one its own past.
        let error = try await agentError { _ = try await assignment.run(JobRequest()) }
        #expect(error.code == .failedPrecondition)
        #expect(agent.violationCount == 1)
      }
    }

    @Test("a deadline abandons a job that does not stop; its late output is freed; close waits")
    func abandoned() async throws {
      fixture_hold()
      let deleted = fixture_deleted()
      let closed = fixture_closed()
      let lines = Lines()
      let agent = try await open(fixture_stubborn(), lines: lines, grace: .milliseconds(5))
      let assignment = try await agent.prepare(AwardRequest(offer: 0))
      let error = try await agentError {
        _ = try await assignment.run(JobRequest(deadline: .milliseconds(5)))
      }
      #expect(error.code == .deadlineExceeded)
      #expect(agent.aliveJobCount == 1)
      // It still occupies the agent: the only place is lost, and waiting would be in vain.
      let refused = try await agentError { _ = try await assignment.run(JobRequest()) }
      #expect(refused.code == .unavailable)
      // Closing is bounded and says what is wrong; the agent stays.
      let stuck = try await agentError { try await agent.close() }
      #expect(stuck.code == .deadlineExceeded)
      #expect(fixture_closed() == closed)
      fixture_let_go()
      #expect(await agent.closed.wait(atMost: .seconds(60)))
      #expect(fixture_closed() == closed + 1)
      #expect(fixture_deleted() == deleted + 1)
      #expect(fixture_assignments() == 0)
      #expect(lines.all.contains { $0.contains("is abandoned") })
    }

    @Test("a cancelled task stops its job by flag and `cancel`; the job's error says cancelled")
    func cancelled() async throws {
      fixture_hold()
      try await withAssignment(fixture_stubborn(), settings: ["polite": "yes"]) { _, assignment in
        let (started, signal) = AsyncStream<Void>.makeStream()
        let task = Task {
          try await assignment.run(JobRequest(progress: { _, _ in signal.yield() }))
        }
        for await _ in started { break }
        task.cancel()
        let error = try await agentError { _ = try await task.value }
        #expect(error.code == .cancelled)
        #expect(error.message.contains("stopped as asked"))
      }
    }

    @Test("complete outputs within the grace count, although the deadline has passed")
    func bestSoFar() async throws {
      fixture_hold()
      try await withAssignment(fixture_stubborn(), settings: ["polite": "best"]) { _, assignment in
        let outputs = try await assignment.run(JobRequest(deadline: .milliseconds(5)))
        guard case .tensor(let logp)? = outputs["logp"] else {
          Issue.record("no output")
          return
        }
        #expect(try logp.elements(as: Float.self) == [1, 1, 1])
      }
    }

    @Test("a job in line is cancelled without its agent; cancelAll ends the running one too")
    func cancelledInLine() async throws {
      fixture_hold()
      try await withAssignment(fixture_stubborn(), settings: ["polite": "yes"]) {
        agent, assignment in
        let (started, signal) = AsyncStream<Void>.makeStream()
        let first = Task {
          try await assignment.run(JobRequest(progress: { _, _ in signal.yield() }))
        }
        for await _ in started { break }
        let second = Task { try await assignment.run(JobRequest()) }
        second.cancel()
        let waiting = try await agentError { _ = try await second.value }
        #expect(waiting.code == .cancelled)
        #expect(agent.aliveJobCount == 1)
        assignment.cancelAll()
        let running = try await agentError { _ = try await first.value }
        #expect(running.code == .cancelled)
      }
    }

    @Test("a task that was cancelled before it ran gets an error and leaves nothing behind")
    func cancelledBefore() async throws {
      try await withAssignment(fixture_echo()) { agent, assignment in
        for _ in 0..<100 {
          let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await assignment.run(JobRequest(inputs: ["text": .text("x")]))
          }
          _ = await task.result
        }
        #expect(agent.services.jobs.count == 0)
        #expect(agent.aliveJobCount == 0)
        #expect(agent.violationCount == 0)
      }
    }

    @Test("cancelling at random moments loses no answer and no job")
    func cancelledAnyTime() async throws {
      try await withAssignment(fixture_pending()) { agent, assignment in
        await withTaskGroup(of: Void.self) { group in
          for index in 0..<200 {
            group.addTask {
              let task = Task { try await assignment.run(JobRequest()) }
              for _ in 0..<(index % 13) { await Task.yield() }
              if index % 3 != 0 { task.cancel() }
              switch await task.result {
              case .success(let outputs): #expect(text(outputs) == "late")
              case .failure(let error): #expect((error as? AgentError)?.code == .cancelled)
              }
            }
          }
        }
        // Answered jobs have ended, but for those that were cancelled while they ran.
        #expect(agent.violationCount == 0)
      }
    }

    @Test("jobs and awards are refused once the agent closes or the assignment is released")
    func late() async throws {
      let agent = try await open(fixture_echo())
      let assignment = try await agent.prepare(AwardRequest(offer: 0))
      await assignment.release()
      await assignment.release()
      let released = try await agentError { _ = try await assignment.run(JobRequest()) }
      #expect(released.code == .failedPrecondition)
      try await agent.close()
      try await agent.close()
      let closed = try await agentError { _ = try await assignment.run(JobRequest()) }
      #expect(closed.code == .unavailable)
      let award = try await agentError { _ = try await agent.prepare(AwardRequest(offer: 0)) }
      #expect(award.code == .unavailable)
      let call = CallForProposals(task: "test.echo/1", settings: .object([]))
      #expect(throws: AgentError.self) { try agent.bid(call, offer: 0) }
    }

    @Test("close releases what the caller forgot, and counts come back to zero")
    func closing() async throws {
      let before = fixture_closed()
      let agent = try await open(fixture_echo())
      _ = try await agent.prepare(AwardRequest(offer: 0))
      _ = try await agent.prepare(AwardRequest(offer: 0))
      #expect(fixture_assignments() == 2)
      try await agent.close()
      #expect(fixture_assignments() == 0)
      #expect(fixture_closed() == before + 1)
    }
  }
}
