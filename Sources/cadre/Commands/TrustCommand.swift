import ArgumentParser
import ArtifactStore
import Contracts
import Execution
import PluginLoader

/// `cadre trust`.
struct TrustCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust", abstract: "Say which plug-ins may run inside the host.",
    discussion: """
      A plug-in that does not come with Cadre runs only when you trust it. Trust is by the digest of the \
      library: a file that changes must be trusted again.
      """,
    subcommands: [Add.self, List.self, Remove.self])

  /// `cadre trust add`.
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Trust a plug-in's library.")
    @Argument(help: "The library.", completion: .file(extensions: ["so"]))
    var library: String
    @Option(name: .long, help: "A note for yourself.")
    var note = ""

    func run() async throws {
      try await reporting {
        let digest = try PluginLoader(setup: .ofThisProcess()).trust(library, note: note)
        Console.standardOutput.line("trusted \(library)\n\(digest)")
      }
    }
  }

  /// `cadre trust list`.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what you trust.")
    @Flag(name: .long, help: "Print as JSON.")
    var json = false

    func run() async throws {
      try await reporting {
        let entries = try PluginLoader(setup: .ofThisProcess()).trustList().entries()
        if json {
          let all = entries.map { entry -> Setting in
            ["digest": .string(entry.digest.description), "note": .string(entry.note)]
          }
          Console.standardOutput.line(Setting.list(all).json)
        } else if entries.isEmpty {
          Console.standardOutput.line("nothing but what comes with Cadre is trusted")
        } else {
          Console.standardOutput.write(table(entries.map { [$0.digest.description, $0.note] }))
        }
      }
    }
  }

  /// `cadre trust remove`.
  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Trust a plug-in no more.")
    @Argument(help: "The library, or its digest as 'cadre trust list' shows it.")
    var subject: String

    func run() async throws {
      try await reporting {
        let loader = PluginLoader(setup: .ofThisProcess())
        let digest: Digest
        if subject.hasPrefix("sha256:") {
          digest = try Digest(parsing: subject)
        } else {
          digest = try loader.digest(ofLibrary: subject)
        }
        guard try loader.trustList().remove(digest) else {
          throw ExecutionError(
            .notFound, "\(digest) is not among what you trust",
            remedy: "'cadre trust list' shows that")
        }
        Console.standardOutput.line("no longer trusted: \(digest)")
      }
    }
  }
}
