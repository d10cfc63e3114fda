import ArgumentParser
import Contracts
import Execution
import Workflow

/// `cadre plan`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show who would do each step, and why, without running.",
    discussion: """
      Agents bid with what is known before a run: sizes of data are not, so their costs are those of a job \
      without items. 'cadre explain' tells what happened in a run.
      """)

  @Argument(help: "The workflow file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String
  @Option(
    name: .customLong("set"), help: "Set a parameter of the workflow: name=value. Repeatable.")
  var param: [String] = []
  @OptionGroup(title: "Priorities")
  var priorities: PriorityOptions
  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let session = try await Session.open()
      let workflow = try session.workflow(file, params: param)
      let plan = try RunPlan(
        workflow, home: session.home, directory: session.directory, threads: session.threads,
        priorities: try priorities.priorities(agents: session.directory.agents.map(\.id)))
      await session.directory.close()
      if json {
        Console.standardOutput.line(plan.setting.json)
        return
      }
      let console = Console.standardOutput
      for step in plan.steps {
        console.line("\(console.paint(step.path, .bold))  \(step.task)")
        if step.task == TaskNames.deploy || step.task == TaskNames.decide {
          console.line("  the host itself")
          continue
        }
        console.write(
          table(
            step.proposals.map { row in
              [row.isAwarded ? console.paint("✓", .green) : " ", row.agent, row.decision]
            }, indent: "  "))
      }
    }
  }
}
