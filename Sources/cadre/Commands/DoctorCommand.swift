import ArgumentParser
import Contracts
import Execution
import Foundation
import Journal
import PluginLoader
import TensorCore

/// `cadre doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that Cadre can work here, and say what to do where not."
  )

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Finding {
    var name: String
    var isGood: Bool
    var text: String
    var remedy = ""
  }

  func run() async throws {
    try await reporting {
      var findings = [home(), journal(), instructionSet(), probe(), cache(), trust()]
      findings += await agents()
      let console = Console.standardOutput
      if json {
        let all = findings.map { finding -> Setting in
          [
            "check": .string(finding.name), "good": .bool(finding.isGood),
            "text": .string(finding.text), "remedy": .string(finding.remedy),
          ]
        }
        console.line(Setting.list(all).json)
      } else {
        for finding in findings {
          let mark = finding.isGood ? console.paint("✓", .green) : console.paint("✗", .red)
          console.line("\(mark) \(finding.name): \(finding.text)")
          if !finding.remedy.isEmpty { console.line("    → \(finding.remedy)") }
        }
      }
      if findings.contains(where: { !$0.isGood }) { throw ExitStatus.failed }
    }
  }

  private func home() -> Finding {
    do {
      let path = try Home.current().path
      // The nearest folder that exists is the one that must let us in.
      var existing = path
      while !FileManager.default.fileExists(atPath: existing), existing != "/" {
        existing = (existing as NSString).deletingLastPathComponent
        if existing.isEmpty { existing = "." }
      }
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: existing, isDirectory: &isFolder)
      let isWritable =
        isThere && isFolder.boolValue && FileManager.default.isWritableFile(atPath: existing)
      return Finding(
        name: "home", isGood: isWritable, text: path,
        remedy: isWritable ? "" : "make \(existing) a writable folder, or set CADRE_HOME")
    } catch {
      return Finding(name: "home", isGood: false, text: "\(error)")
    }
  }

  private func journal() -> Finding {
    do {
      let path = try Home.current().journal
      guard FileManager.default.fileExists(atPath: path) else {
        return Finding(name: "journal", isGood: true, text: "none yet; the first run makes it")
      }
      let runs = try RunJournal.openReadOnly(path).runs(limit: 1000)
      return Finding(name: "journal", isGood: true, text: "\(path), \(runs.count) runs")
    } catch {
      return Finding(name: "journal", isGood: false, text: "\(error)")
    }
  }

  private func instructionSet() -> Finding {
    do {
      let cores = ProcessInfo.processInfo.activeProcessorCount
      return Finding(
        name: "kernels", isGood: true,
        text: "\(try InstructionSet.processDefault.get().name), \(cores) cores")
    } catch {
      return Finding(
        name: "kernels", isGood: false, text: "\(error)", remedy: "unset CADRE_ISA, or correct it")
    }
  }

  private func probe() -> Finding {
    let path = LoaderSetup.ofThisProcess().probe
    let isThere = FileManager.default.isExecutableFile(atPath: path)
    return Finding(
      name: "probe", isGood: isThere, text: path,
      remedy: isThere ? "" : "build again: cadre-probe belongs beside cadre")
  }

  private func cache() -> Finding {
    guard let folder = LoaderSetup.ofThisProcess().cacheFolder else {
      return Finding(
        name: "cache", isGood: true, text: "none: plug-ins are probed anew by each process",
        remedy: "set HOME or XDG_CACHE_HOME to keep what was learned")
    }
    return Finding(name: "cache", isGood: true, text: folder)
  }

  private func trust() -> Finding {
    do {
      let entries = try PluginLoader(setup: .ofThisProcess()).trustList().entries()
      return Finding(name: "trust", isGood: true, text: "\(entries.count) plug-ins of your own")
    } catch {
      return Finding(name: "trust", isGood: false, text: error.message, remedy: error.remedy)
    }
  }

  private func agents() async -> [Finding] {
    do {
      let session = try await Session.open()
      await session.directory.close()
      let count = session.directory.agents.count
      var findings = [
        Finding(
          name: "agents", isGood: count > 0, text: "\(count) installed",
          remedy: count > 0 ? "" : "set CADRE_PLUGIN_PATH to folders that hold plug-ins")
      ]
      findings += session.directory.refusals.map {
        Finding(name: "plug-in", isGood: false, text: $0.message, remedy: $0.remedy)
      }
      return findings
    } catch {
      return [Finding(name: "agents", isGood: false, text: "\(error)")]
    }
  }
}
