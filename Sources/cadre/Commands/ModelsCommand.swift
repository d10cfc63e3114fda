import ArgumentParser
import Contracts
import Deployment
import Execution

/// `cadre models`.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List deployed models, their versions and aliases.")

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let models = try ModelRegistry(root: Home.current().registry).list()
      let console = Console.standardOutput
      if json {
        let all = models.map { model -> Setting in
          [
            "name": .string(model.name), "version": .int(model.version),
            "aliases": .list(model.aliases.map(Setting.string)),
            "folder": .string(model.folder),
          ]
        }
        console.line(Setting.list(all).json)
      } else if models.isEmpty {
        console.line("nothing is deployed; a workflow with a model.deploy/1 step deploys a model")
      } else {
        console.write(
          table(
            [["model", "aliases", "folder"]]
              + models.map {
                ["\($0.name):\($0.version)", $0.aliases.joined(separator: ", "), $0.folder]
              }))
      }
    }
  }
}
