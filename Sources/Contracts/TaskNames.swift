/// The names of the standard tasks.
///
/// Their ports: Documentation/Tasks.md.
public enum TaskNames {
  /// Reads rows from a source: settings → `rows: table`.
  public static let collect = "data.collect/1"
  /// Cleans rows without learning anything from them: `rows: table` → `rows: table`.
  public static let prepare = "data.prepare/1"
  /// Learns what a preparation needs, on the training part alone: `data: dataset` → `fitted:
  /// state`.
  public static let fit = "data.fit/1"
  /// Applies a fitted preparation: `rows: table`, `fitted: state` → `rows: table`.
  public static let apply = "data.apply/1"
  /// Trains: `data: dataset`, `val: dataset?`, `settings: settings?` → `model: model`.
  public static let train = "model.train/1"
  /// Classifies texts: `rows: table<text:utf8>`, `model: model` (bound) → `logp`, `z`.
  public static let classifyText = "text.classify/1"
  /// Scores: `logp`, `truth: dataset<label:utf8>` → `macro_f1: f64`, `report: json`.
  public static let evaluateClassification = "evaluate.classification/1"
  /// Proposes settings: `score: f64`, `history: json`, `space: json` → `next: settings`.
  public static let optimise = "model.optimise/1"
  /// Puts a model into the registry under an alias; the host's own.
  public static let deploy = "model.deploy/1"
  /// Decides jointly and scores on the sealed part; the host's own.
  public static let decide = "collaborate.decide/1"
  /// A policy for the joint decision: `logp: tensor<f32,[team,rows,classes]>`, `z:
  /// tensor<f32,[rows,joint]>` → `logp: tensor<f32,[rows,classes]>`.
  public static let policy = "collaborate.policy/1"
}
