import AgentKit
import CadreABI
import NeuralKit
import Testing

/// Job 1 writes a vectoriser and a network into a model; job 2 reads them back and classifies.
struct TripAgent: Agent {
  static let identity = AgentIdentity(id: "org.example.trip", version: "1.0.0")
  static let texts = ["the parcel is late", "refund the money", "größe 42 passt nicht"]
  static let settings = TfidfSettings(ngrams: 1...2, sublinear: true)

  init(host: Host, config: JSONValue) {}
  var offers: [Offer] { [Offer("org.example.trip/1")] }
  func prepare(_ award: Award) throws -> any Assignment { Trip() }

  struct Trip: Assignment {
    func run(_ job: Job) throws {
      let ops = try job.ops()
      if job.number == 1 {
        let vectorizer = try TfidfVectorizer(fitting: texts, settings)
        let hashed = try TfidfVectorizer(fitting: texts, TfidfSettings(hashing: 64))
        let network = MLP(inputs: vectorizer.columnCount, hidden: [4], outputs: 2)
        var draft = ModelDraft(task: "text.classify/1", format: "org.example.trip/1")
        try vectorizer.write(to: &draft)
        try hashed.write(to: &draft, prefix: "hashed")
        try network.initialised(on: ops, seed: 5).write(to: &draft)
        try job.set("model", model: draft)
      } else {
        let model = try job.model("model")
        let vectorizer = try TfidfVectorizer(from: model)
        let hashed = try TfidfVectorizer(from: model, prefix: "hashed")
        guard hashed.columnCount == 64, hashed.settings.hashing == 64 else {
          throw AgentFailure(.dataLoss, "the hashed features changed")
        }
        let network = MLP(inputs: vectorizer.columnCount, hidden: [4], outputs: 2)
        let parameters = try Parameters(network.parameterNames, from: model, on: ops)
        let rows = try vectorizer.rows(for: texts).batch(on: ops)
        try job.set("logp", tensor: network.logits(.sparse(rows), parameters).logSoftmax())
      }
    }
  }
}

@Suite struct ModelTripTests {
  @Test("a vectoriser and a network come back from a model, bit by bit")
  func trip() throws {
    let host = OpHost()
    var boot = cadre_boot()
    boot.magic = UInt32(CADRE_BOOT_MAGIC)
    boot.major = UInt16(CADRE_ABI_MAJOR)
    boot.minor = UInt16(CADRE_ABI_MINOR)
    let module = try #require(AgentModule.start(&boot, TripAgent.self))
    var opened: UnsafeMutablePointer<cadre_agent>?
    #expect(module.pointee.open(module, host.table, cadre_str(), &opened) == nil)
    let agent = try #require(opened)
    defer { agent.pointee.close(agent) }
    var award = cadre_award()
    award.size = UInt32(CADRE_END_cadre_award_settings)
    var assignment: OpaquePointer?
    #expect(agent.pointee.prepare(agent, &award, &assignment) == nil)
    defer { agent.pointee.release(agent, assignment) }
    var state: UInt32 = 0
    for job in [UInt64(1), 2] { #expect(agent.pointee.run(agent, assignment, job, &state) == nil) }

    let ops = try host.ops()
    let vectorizer = try TfidfVectorizer(fitting: TripAgent.texts, TripAgent.settings)
    let network = MLP(inputs: vectorizer.columnCount, hidden: [4], outputs: 2)
    let rows = try vectorizer.rows(for: TripAgent.texts).batch(on: ops)
    let expected = try network.logits(.sparse(rows), network.initialised(on: ops, seed: 5))
      .logSoftmax().floats()
    let given = try #require(host.shelf.given)
    #expect(given.shape == [3, 2])
    #expect(given.floats == expected)
  }
}
