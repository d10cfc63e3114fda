import Contracts

/// Offers like those of the standard tasks, for checks.
enum SampleOffers {
  static func type(_ text: String) -> PortType {
    // A misspelt type in a test shows as a type that fits nothing.
    (try? PortType(parsing: text)) ?? .stream(.stream(.stream(.bytes)))
  }

  static func port(
    _ name: String, _ text: String, optional: Bool = false, bound: Bool = false
  ) -> Port {
    Port(name, type(text), optional: optional, bound: bound)
  }

  static let collect = Offer(
    agent: "org.cadre.csv", agentVersion: "1.0.0", task: "data.collect/1", inputs: [],
    outputs: [port("rows", "table<text:utf8, label:utf8, ...>")],
    attributes: ["source": "csv"],
    settings: [
      SettingSpec("path", .utf8, about: "the file", path: true),
      SettingSpec("text", .utf8, initial: "text"), SettingSpec("label", .utf8, initial: "label"),
    ])

  static let prepare = Offer(
    agent: "org.cadre.prepare", agentVersion: "1.0.0", task: "data.prepare/1",
    inputs: [port("rows", "table<text:utf8, label:utf8, ...>")],
    outputs: [port("rows", "table<text:utf8, label:utf8, ...>"), port("report", "json")],
    settings: [SettingSpec("clean", .json, initial: [])])

  static let fit = Offer(
    agent: "org.cadre.prepare", agentVersion: "1.0.0", index: 1, task: "data.fit/1",
    inputs: [port("data", "dataset<text:utf8>")], outputs: [port("fitted", "state")])

  static func train(_ agent: String, flags: OfferFlags = []) -> Offer {
    Offer(
      agent: agent, agentVersion: "1.0.0", task: "model.train/1",
      inputs: [
        port("data", "dataset<text:utf8, label:utf8>"),
        port("val", "dataset<text:utf8, label:utf8>", optional: true),
        port("settings", "settings", optional: true),
      ],
      outputs: [port("model", "model<text.classify/1>")],
      attributes: ["for": "text.classify/1"],
      settings: [
        SettingSpec("lr", .f64, initial: 0.01, range: 1e-5...1),
        SettingSpec("hidden", .i64, initial: 64, choices: [64, 128]),
      ], flags: flags, floorThreads: 1, floorMemory: 64 << 20)
  }

  static func classify(_ agent: String) -> Offer {
    Offer(
      agent: agent, agentVersion: "1.0.0", index: 1, task: "text.classify/1",
      inputs: [
        port("rows", "table<text:utf8>"), port("model", "model<text.classify/1>", bound: true),
        port("context", "tensor<f32,[rows,joint]>", optional: true),
      ],
      outputs: [
        port("logp", "tensor<f32,[rows,classes]>"), port("z", "tensor<f32,[rows,features]>"),
      ])
  }

  static let evaluate = Offer(
    agent: "org.cadre.evaluate", agentVersion: "1.0.0", task: "evaluate.classification/1",
    inputs: [port("logp", "tensor<f32,[rows,classes]>"), port("truth", "dataset<label:utf8>")],
    outputs: [port("macro_f1", "f64"), port("log_loss", "f64"), port("report", "json")])

  static let optimise = Offer(
    agent: "org.cadre.tuner", agentVersion: "1.0.0", task: "model.optimise/1",
    inputs: [port("score", "f64"), port("history", "json", optional: true)],
    outputs: [port("next", "settings")], attributes: ["search": "tpe"],
    settings: [SettingSpec("space", .json)])

  static let deploy = Offer(
    agent: "host", agentVersion: "1.0.0", task: "model.deploy/1",
    inputs: [port("model", "model"), port("fitted", "state", optional: true)],
    outputs: [port("version", "utf8")],
    settings: [
      SettingSpec("alias", .utf8, about: "the name"), SettingSpec("warm_up", .i64, initial: 16),
    ])

  static let decide = Offer(
    agent: "host", agentVersion: "1.0.0", index: 1, task: "collaborate.decide/1",
    inputs: [
      port("team", "team<model<text.classify/1>>"), port("fit_on", "dataset"),
      port("run_on", "sealed<dataset>"),
    ],
    outputs: [port("label", "tensor<i64,[rows]>"), port("report", "json")],
    settings: [
      SettingSpec("phi", .utf8, initial: "concat", choices: ["concat"]),
      SettingSpec("decide", .utf8, initial: ""),
    ])

  static let all = [
    collect, prepare, fit, train("org.cadre.mlp"), train("org.cadre.bayes"),
    classify("org.cadre.mlp"), classify("org.cadre.bayes"), evaluate, optimise, deploy, decide,
  ]
}
