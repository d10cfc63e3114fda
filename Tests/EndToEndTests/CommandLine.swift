import Contracts
import Foundation
import Testing

/// The built `cadre`, run as a user runs it, each time with a home of its own.
struct CommandLine {
  /// What a command left.
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// The output as JSON.
    func json() throws -> Setting { try Setting(json: output) }
  }

  /// The folder with the built products: the test's executable lies in it.
  static let products: String = {
    let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return (executable as NSString?)?.deletingLastPathComponent ?? "."
  }()

  /// The repository.
  static let repository: String = {
    var path = #filePath as NSString
    for _ in 0..<3 { path = path.deletingLastPathComponent as NSString }
    return path as String
  }()

  /// Stages the plug-ins once, as the build does; the reason when that failed.
  static let staging: String? = {
    let configuration = (products as NSString).lastPathComponent
    do {
      let result = try run(
        "/bin/bash", [repository + "/Scripts/stage-plugins.sh", configuration], environment: [:])
      return result.status == 0 ? nil : result.errors + result.output
    } catch {
      return "\(error)"
    }
  }()

  /// The folder of this test: home, cache and files.
  let folder: String

  init() throws {
    try #require(Self.staging == nil, "staging the plug-ins failed: \(Self.staging ?? "")")
    folder = NSTemporaryDirectory() + "cadre-e2e-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Removes the folder.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes a file into the folder; its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes bytes into the folder; their path.
  @discardableResult
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Runs `cadre` with arguments.
  func cadre(
    _ arguments: String..., input: String = "", pluginPath: String = ""
  ) throws -> Result {
    try Self.run(
      Self.products + "/cadre", arguments,
      environment: [
        "CADRE_PLUGIN_PATH": pluginPath,
        "CADRE_HOME": folder + "/home", "XDG_CONFIG_HOME": folder + "/config",
        "XDG_CACHE_HOME": NSTemporaryDirectory() + "cadre-e2e-cache", "HOME": folder,
        "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
      ], input: input)
  }

  /// Runs another tool, found by `PATH`, with this process's environment.
  static func tool(_ name: String, _ arguments: [String]) throws -> Result {
    try run("/usr/bin/env", [name] + arguments, environment: [:])
  }

  private static func run(
    _ program: String, _ arguments: [String], environment: [String: String], input: String = ""
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if !environment.isEmpty { process.environment = environment }
    // Files, not pipes: a full pipe would stop a program that nobody reads.
    let base = NSTemporaryDirectory() + "cadre-e2e-" + UUID().uuidString
    let paths = [base + ".in", base + ".out", base + ".err"]
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try Data(input.utf8).write(to: URL(fileURLWithPath: paths[0]))
    for path in paths.dropFirst() {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    process.standardInput = FileHandle(forReadingAtPath: paths[0])
    process.standardOutput = FileHandle(forWritingAtPath: paths[1])
    process.standardError = FileHandle(forWritingAtPath: paths[2])
    try process.run()
    process.waitUntilExit()
    func text(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
    return Result(
      status: process.terminationReason == .exit
        ? process.terminationStatus
        : 128
          + process.terminationStatus, output: text(paths[1]), errors: text(paths[2]))
  }
}

/// The whole path in one short file: collect, prepare, train, execute, evaluate, deploy,
/// collaborate.
func smallWorkflow(
  source: String = "path: rows.csv, text: text, label: label", columns: String = "", team: Int = 1,
  minF1: Double = 0.9,
  split: String = "{train: 0.6, val: 0.15, blend: 0.1, test: 0.15, stratify: label}",
  prepare: String = "", rounds: Int = 1
) -> String {
  """
  schema: cadre/1
  workflow: small
  seed: 3
  params: {min_f1: \(minF1)}
  steps:
    collect:
      needs: {task: data.collect/1, source: csv}
      with: {\(source)}
      out: {rows: "table<text:utf8, label:utf8\(columns)>"}
    prepare:
      needs: {task: data.prepare/1}
      in: {rows: collect.rows}
      with:
        clean: [nfc, trim, collapse, lowercase, dedup]
        split: \(split)
        \(prepare)
      out: {train: dataset, val: dataset, blend: dataset, test: sealed<dataset>, fitted: state}
    improve:
      loop: {max: \(rounds), until: "evaluate.macro_f1 >= params.min_f1", keep: "max(evaluate.macro_f1)"}
      steps:
        train:
          needs: {task: model.train/1, for: text.classify/1}
          \(team > 1 ? "team: \(team)" : "")
          in: {data: prepare.train, val: prepare.val, settings: "loop.previous.optimise.next?"}
          out: {model: model}
        execute:
          needs: {task: text.classify/1}
          map: {over: prepare.val, batch: 32}
          in: {model: train.model}
          out: {logp: "tensor<f32,[rows,classes]>", z: "tensor<f32,[rows,features]>"}
        evaluate:
          needs: {task: evaluate.classification/1}
          in: {logp: execute.logp, truth: prepare.val}
          out: {macro_f1: f64, report: json}
        optimise:
          if: "evaluate.macro_f1 < params.min_f1"
          needs: {task: model.optimise/1, search: random}
          in: {score: evaluate.macro_f1}
          out: {next: settings}
    deploy:
      if: "improve.evaluate.macro_f1 >= params.min_f1"
      needs: {task: model.deploy/1}
      in: {model: improve.train.model, fitted: prepare.fitted}
      with: {warm_up: 4}
      out: {version: utf8}
    collaborate:
      needs: {task: collaborate.decide/1}
      in: {team: improve.train.model, fit_on: prepare.blend, run_on: prepare.test}
      feedback: [improve.train]
      out: {label: "tensor<i64,[rows]>", report: json}
  """
}
