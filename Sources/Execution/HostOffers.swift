import Contracts

/// The stages that the host itself runs, as offers, so that a workflow asks for them like for any
/// other.
public enum HostOffers {
  /// The agent id of the host's own offers.
  public static let agent = "host"

  /// Deployment and joint decision.
  public static func all(version: String) -> [Offer] { [deploy(version), decide(version)] }

  private static func deploy(_ version: String) -> Offer {
    Offer(
      agent: agent, agentVersion: version, index: 0, task: TaskNames.deploy,
      about: "writes a model bundle into the registry, warms it up and points an alias at it",
      inputs: [
        Port("model", .model(task: nil, format: nil)),
        Port("fitted", .state, optional: true),
      ],
      outputs: [Port("version", .scalar(.utf8))],
      settings: [
        SettingSpec(
          "alias", .utf8,
          about: "NAME or NAME@ALIAS that is to point at the model; the workflow's name",
          initial: ""),
        SettingSpec(
          "member", .utf8, about: "which member of a team: best, or ensemble", initial: "best",
          choices: ["best", "ensemble"]),
        SettingSpec(
          "warm_up", .i64, about: "predictions made before the alias moves", initial: 16,
          range: 0...10_000),
      ], flags: [.idempotent])
  }

  private static func decide(_ version: String) -> Offer {
    Offer(
      agent: agent, agentVersion: version, index: 1, task: TaskNames.decide,
      about: "fits the team's weights, decides jointly and scores the decision on the sealed part",
      inputs: [
        Port("team", .team(.model(task: TaskNames.classifyText, format: nil))),
        Port("fit_on", .dataset(nil)),
        Port("run_on", .sealed(.dataset(nil))),
      ],
      outputs: [
        Port("label", .tensor(TensorType(dtype: .i64, dims: [.symbol("rows")]))),
        Port("report", .json),
      ],
      settings: [
        SettingSpec(
          "phi", .utf8, about: "how representations are fused", initial: "concat",
          choices: ["concat"]),
        SettingSpec(
          "decide", .utf8, about: "how the team decides", initial: "argmax(sum(w * logp))",
          choices: ["argmax(sum(w * logp))"]),
        SettingSpec(
          "policy", .utf8,
          about: "id of an agent with collaborate.policy/1 that decides instead", initial: ""),
      ])
  }
}
