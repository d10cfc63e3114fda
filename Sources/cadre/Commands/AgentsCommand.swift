import ArgumentParser
import Contracts
import Execution

/// `cadre agents`.
struct AgentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "List the installed agents, or look at one.",
    subcommands: [List.self, Inspect.self], defaultSubcommand: List.self)

  /// `cadre agents list`.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "List the agents with their tasks, and the plug-ins that were refused, with the remedy.")

    @Flag(name: .long, help: "Print as JSON.")
    var json = false

    func run() async throws {
      try await reporting {
        let session = try await Session.open()
        await session.directory.close()
        let console = Console.standardOutput
        let directory = session.directory
        if json {
          console.line(AgentsCommand.setting(directory).json)
          return
        }
        for agent in directory.agents {
          console.line("\(console.paint(agent.id, .bold)) \(agent.version)")
          for offer in agent.offers {
            let attributes = offer.attributes.sorted { $0.key < $1.key }
              .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            console.line("  \(offer.task)" + (attributes.isEmpty ? "" : "  (\(attributes))"))
          }
        }
        if directory.agents.isEmpty {
          console.line("no agent is installed; set CADRE_PLUGIN_PATH to folders that hold plug-ins")
        }
        for refusal in directory.refusals {
          console.line("\(console.paint("refused", .red)) \(refusal.message)")
          console.line("  → \(refusal.remedy)")
        }
      }
    }
  }

  /// `cadre agents inspect`.
  struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show an agent: its offers with ports, settings and limits.")

    @Argument(help: "The agent's id, such as org.cadre.csv.")
    var id: String
    @Flag(name: .long, help: "Print as JSON.")
    var json = false

    func run() async throws {
      try await reporting {
        let session = try await Session.open()
        await session.directory.close()
        guard let agent = session.directory.agent(id) else {
          let known = session.directory.agents.map(\.id).joined(separator: ", ")
          throw ExecutionError(
            .notFound, "no agent '\(id)' is installed",
            remedy: known.isEmpty ? "none is" : "installed are \(known)")
        }
        let console = Console.standardOutput
        if json {
          console.line(Setting.list(agent.offers.map(AgentsCommand.setting)).json)
          return
        }
        console.line("\(console.paint(agent.id, .bold)) \(agent.version)")
        console.line("library \(session.directory.libraries[agent.id] ?? "?")")
        console.line("digest  \(agent.digest)")
        for offer in agent.offers {
          console.line("\n\(console.paint(offer.task, .cyan))  \(offer.about)")
          let rows =
            offer.inputs.map { ["in", $0.name, "\($0.type)", Self.remarks($0)] }
            + offer.outputs.map { ["out", $0.name, "\($0.type)", Self.remarks($0)] }
            + offer.settings.map { ["with", $0.name, $0.kind.rawValue, Self.remarks($0)] }
          console.write(table(rows, indent: "  "))
        }
      }
    }

    private static func remarks(_ port: Port) -> String {
      var words: [String] = []
      if port.optional { words.append("optional") }
      if port.bound { words.append("bound") }
      if !port.about.isEmpty { words.append(port.about) }
      return words.joined(separator: ", ")
    }

    private static func remarks(_ spec: SettingSpec) -> String {
      var words: [String] = []
      if let range = spec.range {
        words.append(
          "\(Setting.double(range.lowerBound).json)..\(Setting.double(range.upperBound).json)"
            + (spec.logarithmic ? " log" : ""))
      }
      if !spec.choices.isEmpty {
        words.append("one of " + spec.choices.map(\.json).joined(separator: ", "))
      }
      words.append(spec.initial.map { "default \($0.json)" } ?? "required")
      if spec.tunable { words.append("tunable") }
      if !spec.about.isEmpty { words.append(spec.about) }
      return words.joined(separator: "; ")
    }
  }

  static func setting(_ directory: AgentDirectory) -> Setting {
    [
      "agents": .list(
        directory.agents.map { agent in
          [
            "id": .string(agent.id), "version": .string(agent.version),
            "digest": .string(agent.digest),
            "library": .string(directory.libraries[agent.id] ?? ""),
            "offers": .list(agent.offers.map(setting)),
          ]
        }),
      "refused": .list(
        directory.refusals.map {
          [
            "file": .string($0.file), "message": .string($0.message),
            "remedy": .string($0.remedy),
          ]
        }),
    ]
  }

  static func setting(_ offer: Offer) -> Setting {
    func ports(_ ports: [Port]) -> Setting {
      .list(
        ports.map {
          [
            "name": .string($0.name), "type": .string("\($0.type)"),
            "optional": .bool($0.optional), "bound": .bool($0.bound),
          ]
        })
    }
    return [
      "task": .string(offer.task), "about": .string(offer.about), "in": ports(offer.inputs),
      "out": ports(offer.outputs),
      "attributes": .object(
        offer.attributes.sorted { $0.key < $1.key }.map {
          Setting.Field($0.key, .string($0.value))
        }),
      "settings": .list(
        offer.settings.map {
          [
            "name": .string($0.name), "kind": .string($0.kind.rawValue),
            "default": $0.initial ?? .null, "tunable": .bool($0.tunable),
          ]
        }),
      "max_jobs": .int(offer.maxJobs),
    ]
  }
}
