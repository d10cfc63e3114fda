import Contracts
import Testing

@testable import Workflow

/// Workflows for the tests, and ways to change and check them.
enum SampleWorkflows {
  /// All eight stages; every key that this version runs.
  static let complete = """
    schema: cadre/1
    workflow: support-desk
    seed: 7
    params: {min_f1: 0.88}

    steps:
      collect:
        needs: {task: data.collect/1, source: csv}
        with: {path: tickets.csv, text: message, label: category}
        out: {rows: "table<text:utf8 @pii, label:utf8>"}
        retry: {max: 4, on_errors: [unavailable], backoff: 1s..30s}

      prepare:
        needs: {task: data.prepare/1}
        in: {rows: collect.rows}
        with:
          clean: [nfc, trim, dedup]
          split: {train: 0.7, val: 0.1, blend: 0.05, test: 0.15, stratify: label}
        out: {train: dataset, val: dataset, blend: dataset, test: sealed<dataset>, fitted: state}

      improve:
        loop: {max: 6, until: "evaluate.macro_f1 >= params.min_f1", keep: "max(evaluate.macro_f1)"}
        steps:
          train:
            needs: {task: model.train/1, for: text.classify/1}
            team: 2                                   # two different agents win this step
            in: {data: prepare.train, val: prepare.val, settings: "loop.previous.optimise.next?"}
            out: {model: model}
            resources: {memory: 1GiB, cores: 2}
          execute:
            needs: {task: text.classify/1}
            map: {over: prepare.val, batch: 32}
            in: {model: train.model}
            deadline: 2s
            out: {logp: "tensor<f32,[team,rows,classes]>", z: "tensor<f32,[team,rows,features]>"}
          evaluate:
            needs: {task: evaluate.classification/1}
            in: {logp: execute.logp, truth: prepare.val}
            out: {macro_f1: f64, report: json}
          optimise:
            if: "evaluate.macro_f1 < params.min_f1"
            needs: {task: model.optimise/1, search: tpe}
            in: {score: evaluate.macro_f1}
            with: {space: {lr: 1e-4..1e-1 log, hidden: [64, 128, 256]}}
            out: {next: settings}

      deploy:
        needs: {task: model.deploy/1}
        in: {model: improve.train.model, fitted: prepare.fitted}
        with: {alias: support@prod, warm_up: 50}

      collaborate:
        needs: {task: collaborate.decide/1}
        in: {team: improve.train.model, fit_on: prepare.blend, run_on: prepare.test}
        with: {phi: concat, decide: "argmax(sum(w * logp))"}
        feedback: [improve.train, improve.execute]
        out: {label: "tensor<i64,[rows]>", report: json}

    """

  /// Two steps: collect and prepare with its split.
  static let short = """
    schema: cadre/1
    workflow: short
    steps:
      collect:
        needs: {task: data.collect/1}
        with: {path: a.csv}
        out: {rows: "table<text:utf8, label:utf8>"}
      prepare:
        needs: {task: data.prepare/1}
        in: {rows: collect.rows}
        with: {split: {train: 0.8, val: 0.2}}
        out: {train: dataset, val: dataset}

    """

  static func problems(
    _ text: String, offers: [Offer] = SampleOffers.all, params: [String: Setting] = [:]
  ) -> [Diagnostic] {
    WorkflowFile.read(text, path: "w.yaml", params: params).check(offers: offers)
  }

  /// The workflow with the first occurrence of some text replaced.
  static func changed(
    _ text: String, _ old: String, _ new: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let range = try #require(
      text.firstRange(of: old), "the sample has no '\(old)'", sourceLocation: sourceLocation)
    return text.replacingCharacters(in: range, with: new)
  }

  /// A workflow that has no problems with the sample's offers.
  static func file(_ text: String, offers: [Offer] = SampleOffers.all) throws -> WorkflowFile {
    try WorkflowFile.read(text, path: "w.yaml").checked(offers: offers)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
