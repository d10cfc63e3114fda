import ArgumentParser
import Execution
import PluginLoader

/// `cadre plugins`.
struct PluginsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugins", abstract: "For authors: write the manifests of plug-ins.",
    subcommands: [Seal.self])

  /// `cadre plugins seal`.
  struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the manifest beside each plug-in of a folder.",
      discussion: """
        The manifest holds the digest of the library and is looked at before the library is loaded. Each \
        library is loaded once in a child process, to learn its id and version. Seal again after each build.
        """)
    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @Flag(
      name: .long,
      help: "Also list them as first-party, which counts only beside the cadre executable.")
    var firstParty = false
    @Flag(name: .shortAndLong, help: "Only problems.")
    var quiet = false

    func run() async throws {
      try await reporting {
        let report = try PluginLoader(setup: .ofThisProcess())
          .sealFolder(folder, firstParty: firstParty)
        if !quiet {
          Console.standardOutput.write(
            table(report.sealed.map { [$0.library, $0.id, $0.version] }))
        }
        for refusal in report.refusals { Console.standardError.line("refused: \(refusal)") }
        if !report.refusals.isEmpty { throw ExitStatus.failed }
        if report.sealed.isEmpty {
          throw ExecutionError(
            .notFound, "\(folder) holds no plug-in",
            remedy: "name the folder with the built .so files")
        }
      }
    }
  }
}
