import AgentHost
import CadreABI
import CommandFixture
import Foundation
import TensorCore
import Testing

/// The agent in C as a library of its own, built from the ABI's headers alone, through a real host.
@Suite("digits-mlp", .serialized) struct DigitsMLPTests {
  // The fixture's root is two folders above a test file; these tests lie one deeper.
  private static let root = URL(fileURLWithPath: Command.root()).deletingLastPathComponent().path
  private static let source = root + "/Plugins/DigitsMLP/Agent"

  /// The library, built once.
  private static let library: Result<String, any Error> = Result {
    let folder = try Command.scratchFolder()
    let built = try Command.run(
      "clang",
      [
        "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fvisibility=hidden",
        "-shared", "-fPIC", "-I", root + "/SDK/CadreABI/include",
        source + "/digits_mlp.c", "-lm", "-o", folder + "/libDigitsMLP.so",
      ])
    try #require(built.succeeded, "\(built.output)")
    return folder + "/libDigitsMLP.so"
  }

  private func withAgent(_ body: (HostedAgent) async throws -> Void) async throws {
    let path = try Self.library.get()
    let image = try #require(
      dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), "\(String(cString: dlerror()))")
    let entry = unsafeBitCast(try #require(dlsym(image, CADRE_ENTRY_NAME)), to: cadre_entry.self)
    var boot = cadre_boot()
    boot.magic = UInt32(CADRE_BOOT_MAGIC)
    boot.major = UInt16(CADRE_ABI_MAJOR)
    boot.minor = UInt16(CADRE_ABI_MINOR)
    let module = try #require(entry(&boot))
    let host = AgentHost(version: "0.1.0", threads: 1) { _, _, _ in }
    let agent = try await host.open(
      ModuleHandle(module: module, id: "org.cadre.digits-mlp", digest: "sha256:00"))
    do {
      try await body(agent)
    } catch {
      try await agent.close()
      throw error
    }
    try await agent.close()
  }

  private func run(
    _ agent: HostedAgent, _ award: AwardRequest, _ inputs: [String: Value], seed: UInt64 = 0
  ) async throws -> [String: Value] {
    let assignment = try await agent.prepare(award)
    do {
      let outputs = try await assignment.run(JobRequest(inputs: inputs, seed: seed))
      await assignment.release()
      return outputs
    } catch {
      await assignment.release()
      throw error
    }
  }

  /// The share of rows whose greatest log-probability is the target's.
  private func accuracy(_ logp: Tensor, _ targets: Tensor) throws -> Double {
    let rows = try logp.elements(as: Float.self)
    let classes = logp.shape.columns
    let truth = try targets.elements(as: Int64.self)
    let right = truth.indices.count { row in
      let scores = rows[row * classes..<(row + 1) * classes]
      return scores.firstIndex(of: scores.max() ?? 0).map { $0 - row * classes } == Int(truth[row])
    }
    return Double(right) / Double(truth.count)
  }

  private func read(_ seed: Int, _ part: String) throws -> (x: Tensor, target: Tensor) {
    let folder = try #require(DigitsData.folder)
    let pictures = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(seed)-\(part).x"))
    let targets = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(seed)-\(part).target"))
    let rows = targets.count / 8
    return (
      try pictures.withUnsafeBytes {
        try Tensor.copying($0, as: TensorSpec(.f32, Shape([rows, 64])))
      },
      try targets.withUnsafeBytes { try Tensor.copying($0, as: TensorSpec(.i64, Shape([rows]))) }
    )
  }

  @Test("it is under 200 lines")
  func size() throws {
    var lines = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.source)
    where file.hasSuffix(".c") || file.hasSuffix(".h") {
      lines += try String(contentsOfFile: Self.source + "/" + file, encoding: .utf8)
        .count { $0 == "\n" }
    }
    #expect((1..<200).contains(lines))
  }

  @Test("it offers to train and to classify")
  func offers() async throws {
    try await withAgent { agent in
      #expect(agent.offers.map(\.task) == ["model.train/1", "tensor.classify/1"])
      #expect(agent.offers[0].attributes["for"] == "tensor.classify/1")
    }
  }

  @Test("it learns pictures that are easy, the same from the same seed, and leaves no handle")
  func easy() async throws {
    // Class c has its bright points in the c-th tenth of the picture.
    let pictures = (0..<100).flatMap { row in
      (0..<64).map { Float($0 * 10 / 64 == row % 10 ? 1 : 0) }
    }
    let x = try Tensor(pictures, [100, 64])
    let target = try Tensor((0..<100).map { Int64($0 % 10) }, [100])
    try await withAgent { agent in
      var all: [[Float]] = []
      for seed in [7, 7, 8] as [UInt64] {
        let trained = try await run(
          agent, AwardRequest(offer: 0), ["x": .tensor(x), "target": .tensor(target)], seed: seed)
        guard case .model(let model)? = trained["model"] else {
          Issue.record("no model")
          return
        }
        let answer = try await run(
          agent, AwardRequest(offer: 1, bound: ["model": .model(model)]), ["x": .tensor(x)])
        guard case .tensor(let logp)? = answer["logp"] else {
          Issue.record("no log-probabilities")
          return
        }
        #expect(try accuracy(logp, target) == 1)
        all.append(try logp.elements(as: Float.self))
      }
      #expect(all[0] == all[1])
      #expect(all[0] != all[2])
    }
  }

  @Test("a target that is no digit is an error of the host's operation")
  func refused() async throws {
    let x = try Tensor([Float](repeating: 0, count: 64), [1, 64])
    let target = try Tensor([Int64(10)], [1])
    try await withAgent { agent in
      let error = await #expect(throws: AgentError.self) {
        _ = try await run(
          agent, AwardRequest(offer: 0), ["x": .tensor(x), "target": .tensor(target)])
      }
      #expect(error?.message.contains("cross_entropy") == true)
    }
  }

  @Test(
    "at least 97 % of the digits that it has not seen are right",
    .enabled(if: DigitsData.folder != nil, "\(DigitsData.requirement)"), arguments: 0..<3)
  func digits(seed: Int) async throws {
    let (train, test) = (try read(seed, "train"), try read(seed, "test"))
    try await withAgent { agent in
      let trained = try await run(
        agent, AwardRequest(offer: 0),
        ["x": .tensor(train.x), "target": .tensor(train.target)], seed: UInt64(seed))
      let model = try #require(trained["model"])
      let answer = try await run(
        agent, AwardRequest(offer: 1, bound: ["model": model]), ["x": .tensor(test.x)])
      guard case .tensor(let logp)? = answer["logp"] else {
        Issue.record("no log-probabilities")
        return
      }
      let share = try accuracy(logp, test.target)
      #expect(share >= 0.97, "seed \(seed): \(share)")
    }
  }
}
