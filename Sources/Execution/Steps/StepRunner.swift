import Contracts
import Workflow

/// Runs one attempt of a step by its task: agents do most, the host does its own.
struct StepRunner: Sendable {
  let instance: StepInstance
  let context: RunContext
  let log: StepLog
  /// Enters a reading of sealed data into the journal, which refuses a second one.
  let openSeal: @Sendable (_ name: String) throws -> Void

  /// Runs it; the outputs by port.
  func run() async throws -> [String: PortValue] {
    switch instance.step.needs.task {
    case TaskNames.deploy:
      try await DeployStep(instance: instance, context: context, log: log).run()
    case TaskNames.decide:
      try await DecideStep(
        instance: instance, context: context, log: log, openSeal: openSeal
      ).run()
    case TaskNames.prepare:
      try await PrepareStep(instance: instance, context: context, log: log).run()
    default: try await AgentStep(instance: instance, context: context, log: log).run()
    }
  }
}
