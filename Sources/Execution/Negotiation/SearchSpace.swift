import Contracts
import Workflow

/// What a tuner may try for one trainer: the trainer's own tunable settings, narrowed by the file.
enum SearchSpace {
  /// The space as `model.optimise/1` reads it: name → `{kind, min, max, log}` or `{choices}`.
  ///
  /// A file's `space` narrows the settings that it names; an agent that has none of them keeps its
  /// own space.
  ///
  /// - Throws: ``ExecutionError`` when a range in the file cannot be read.
  static func space(of trainer: Offer, narrowedBy file: Setting?) throws -> Setting {
    let tunable = trainer.settings.filter(\.tunable)
    let named = tunable.filter { file?[$0.name] != nil }
    let chosen = named.isEmpty ? tunable : named
    return .object(
      try chosen.map { spec in
        Setting.Field(spec.name, try entry(spec, range: file?[spec.name]))
      })
  }

  private static func entry(_ spec: SettingSpec, range: Setting?) throws -> Setting {
    guard let range else { return entry(spec) }
    do {
      switch try SearchRange(range) {
      case .choices(let values): return ["choices": .list(values)]
      case .numbers(let low, let high, _, let logarithmic):
        return [
          "kind": .string(spec.kind.rawValue), "min": .double(low), "max": .double(high),
          "log": .bool(logarithmic),
        ]
      }
    } catch {
      throw ExecutionError(.invalidArgument, "space.\(spec.name): \(error)")
    }
  }

  private static func entry(_ spec: SettingSpec) -> Setting {
    if !spec.choices.isEmpty { return ["choices": .list(spec.choices)] }
    if spec.kind == .bool { return ["choices": [true, false]] }
    guard let range = spec.range else {
      return ["choices": .list(spec.initial.map { [$0] } ?? [])]
    }
    return [
      "kind": .string(spec.kind.rawValue), "min": .double(range.lowerBound),
      "max": .double(range.upperBound), "log": .bool(spec.logarithmic),
    ]
  }
}
