import AgentKit

/// Proposes the settings of the next round: by random or by grid search.
public struct SearchTunerAgent: Agent {
  /// Who it is.
  public static let identity = AgentIdentity(
    id: "org.cadre.search-tuner", version: "0.1.0",
    about: "Proposes settings to try next, by random or grid search")

  /// What it does.
  public let offers = [
    offer(
      search: "random", about: "Draws settings at random; ranges may be logarithmic", settings: []),
    offer(
      search: "grid", about: "Goes through a grid, each point once",
      settings: [
        .i64("points", 3, in: 1...1000, about: "values that a range of numbers is cut into")
      ]),
  ]

  private let host: Host

  /// Opens the agent; it has no configuration.
  public init(host: Host, config: JSONValue) { self.host = host }

  /// Answers a call.
  public func bid(_ call: Call) -> BidAnswer {
    .yes(Estimate(fixed: .milliseconds(1), memory: 1 << 20))
  }

  /// Accepts an award.
  public func prepare(_ award: Award) throws -> any Assignment {
    let space = try SearchSpace(award.settings.all["space"] ?? .null)
    guard award.offer.attributes["search"] == "grid" else {
      return RandomSearching(space: space, host: host)
    }
    let grid = try GridSearch(space: space, points: award.settings.int("points"))
    return GridSearching(grid: grid, host: host)
  }

  private struct RandomSearching: Assignment {
    let space: SearchSpace
    let host: Host

    func run(_ job: Job) throws {
      let history = try job.history()
      try job.suggest(
        RandomSearch(space: space, seed: job.seed).next(after: history), history, host)
    }
  }

  private struct GridSearching: Assignment {
    let grid: GridSearch
    let host: Host

    func run(_ job: Job) throws {
      let history = try job.history()
      try job.suggest(grid.next(after: history), history, host)
    }
  }

  private static func offer(search: String, about: String, settings: [SettingSpec]) -> Offer {
    Offer(
      "model.optimise/1", about: about,
      inputs: [
        .scalar("score", .f64).about("of the round at hand; higher is better"),
        .json("history").optional.about("rounds so far, oldest first, the one at hand last"),
      ],
      outputs: [.settings("next")],
      settings: [.json("space", .null, about: "what may be tried for each setting")] + settings,
      attributes: ["search": search], maxJobs: 8, flags: [.idempotent, .deterministic])
  }
}

extension Job {
  /// The rounds so far; without a history, the one at hand with all settings left to defaults.
  fileprivate func history() throws -> TrialHistory {
    let score = try double("score")
    guard let input = try inputIfPresent("history") else {
      return TrialHistory([.init(settings: .object([]), score: score.isNaN ? nil : score)])
    }
    return try TrialHistory(input.json())
  }

  fileprivate func suggest(
    _ suggestion: Suggestion, _ history: TrialHistory, _ host: Host
  ) throws {
    if suggestion.isExhausted {
      let score = history.best?.score.map { ", which scored \($0)" } ?? ""
      host.log(
        .info,
        "all points of the space were tried; giving the best settings again\(score): "
          + suggestion.settings.text)
    }
    progress(1, "next: \(suggestion.settings.text)")
    try set("next", settings: suggestion.settings)
  }
}
