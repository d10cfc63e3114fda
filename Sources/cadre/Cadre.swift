import ArgumentParser
import Glibc

/// The command line: one file a subcommand.
@main
struct Cadre: AsyncParsableCommand {
  /// Starts the command that was asked for.
  static func main() async {
    // A reader that goes away is seen at the write, not as a signal that kills a run.
    signal(SIGPIPE, SIG_IGN)
    await main(nil)
  }

  static let configuration = CommandConfiguration(
    commandName: "cadre",
    abstract: "Runs workflows over agents that ship as plug-ins.",
    discussion: """
      A workflow file states what is needed; installed agents bid for each task, and the host \
      awards, runs, scores and deploys.

        cadre run workflow.yaml            run it, with a live view
        cadre plan workflow.yaml           who would do what, and why
        cadre predict support --text "…"   ask a deployed model

      Exit codes: 0 done; 1 the run or the request failed; 2 a file or an option is wrong; \
      3 nothing of that name; 4 the run's target was not met (with --require-target); \
      64 the command line could not be read; 130 interrupted.
      """,
    version: hostVersion,
    subcommands: [
      RunCommand.self, PlanCommand.self, ExplainCommand.self, ValidateCommand.self,
      GraphCommand.self, AgentsCommand.self, RunsCommand.self, ShowCommand.self,
      ModelsCommand.self, PredictCommand.self, TrustCommand.self, PluginsCommand.self,
      DoctorCommand.self, ResumeCommand.self,
    ])
}

/// The version of this host.
let hostVersion = "0.1.0"
