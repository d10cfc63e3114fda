/// A score of predicted against true classes that needs no probabilities.
///
/// The raw value is the name under which reports and workflows show it. All follow scikit-learn's
/// definitions, with zero divisions counted as 0.
public enum ClassMetric: String, Sendable, CaseIterable {
  /// The share of rows whose predicted class is the true one.
  case accuracy
  /// The mean F1 over the classes that occur in the truth or in the predictions.
  ///
  /// Classes that occur in neither are left out, as `f1_score(average="macro")` does without
  /// `labels`: a class that is absent from a small test part neither helps nor harms.
  case macroF1 = "macro_f1"
  /// The mean F1 weighted by each class's true rows.
  case weightedF1 = "weighted_f1"
  /// The mean recall over the classes that occur in the truth.
  case balancedAccuracy = "balanced_accuracy"
  /// Matthews' correlation for several classes (Gorodkin 2004); 0 where either side is constant.
  case matthewsCorrelation = "mcc"
  /// Cohen's kappa; 0 where both sides are the same constant (scikit-learn gives NaN there).
  case cohenKappa = "kappa"
}
