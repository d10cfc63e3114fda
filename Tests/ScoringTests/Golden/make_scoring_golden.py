"""Writes ScoringGolden.swift beside this file: inputs and the scores other libraries give them.

    pip install numpy scipy scikit-learn statsmodels
    python make_scoring_golden.py

Class metrics, log loss, Brier's score and reliability bins come from scikit-learn, intervals from
statsmodels and scipy, McNemar's test from statsmodels. The seeded bootstrap draws the rows that
SplitMix64 draws, and leaves statistic and quantiles to scikit-learn and numpy.
"""

from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            product = self.next() * bound
            if product & MASK >= (1 << 64) % bound:
                return product >> 64


def swift(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return "[" + ", ".join(swift(v) for v in value) + "]"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return repr(float(value))


def wrapped(name, kind, value):
    text = swift(value)
    lines, line = [], "   "
    for word in text.split(" "):
        if len(line) + len(word) + 1 > 100:
            lines.append(line)
            line = "   "
        line += " " + word
    lines.append(line)
    return f"  static let {name}: {kind} =\n" + "\n".join(lines)


def noisy(rng, truth, classes, share):
    wrong = rng.random(len(truth)) < share
    return np.where(wrong, rng.choice(classes, size=len(truth)), truth)


def class_case(name, truth, predicted, class_count):
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=range(class_count), zero_division=0
    )
    # The values by name, in the order of ClassMetric.allCases.
    scores = [
        metrics.accuracy_score(truth, predicted),
        metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        metrics.f1_score(truth, predicted, average="weighted", zero_division=0),
        metrics.recall_score(
            truth, predicted, labels=np.unique(truth), average="macro", zero_division=0
        ),
        metrics.matthews_corrcoef(truth, predicted),
        metrics.cohen_kappa_score(truth, predicted),
    ]
    confusion = metrics.confusion_matrix(truth, predicted, labels=range(class_count)).ravel()
    return "\n".join(
        f"    {line}"
        for line in [
            "ClassCase(",
            f'  name: "{name}", classCount: {class_count},',
            f"  truth: {swift(truth)},",
            f"  predicted: {swift(predicted)},",
            f"  confusion: {swift(confusion)},",
            f"  precision: {swift(precision)},",
            f"  recall: {swift(recall)},",
            f"  f1: {swift(f1)},",
            f"  support: {swift(support)},",
            f"  scores: {swift(scores)}),",
        ]
    )


def percentiles(values):
    return [np.quantile(values, 0.025), np.quantile(values, 0.975)]


def main():
    rng = np.random.default_rng(7)
    uneven = rng.choice(5, size=120, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    first = noisy(rng, uneven, 4, 0.35)  # class 4 is never predicted by mistake
    first[first == 4] = 0  # ... nor rightly; class 5 occurs nowhere
    second = noisy(rng, uneven, 5, 0.20)
    binary = rng.integers(0, 2, size=40)
    chance = rng.integers(0, 2, size=40)
    cases = [
        class_case("uneven", uneven, first, 6),
        class_case("binary at chance", binary, chance, 2),
        class_case("perfect", uneven, uneven, 5),
        class_case("predicted class absent from truth", [0, 0, 1, 1], [0, 2, 2, 1], 3),
    ]

    def macro(rows, predicted):
        return metrics.f1_score(
            uneven[rows], predicted[rows], average="macro", zero_division=0)

    generator = SplitMix64(11)
    resamples = [[generator.below(120) for _ in range(120)] for _ in range(400)]
    macro_first = np.array([macro(rows, first) for rows in resamples])
    macro_second = np.array([macro(rows, second) for rows in resamples])
    gain = macro_second - macro_first
    tail = (1 + min((gain <= 0).sum(), (gain >= 0).sum())) / (1 + len(gain))

    losses = rng.gamma(1.2, 0.6, size=80)
    scipy_mean = stats.bootstrap(
        (losses,), np.mean, n_resamples=40_000, method="percentile", rng=3
    ).confidence_interval

    logits = rng.normal(size=(60, 4)) * 2
    truth = np.array([rng.choice(4, p=np.exp(r) / np.exp(r).sum()) for r in logits * 0.6])
    log_p = logits - scipy.special.logsumexp(logits, axis=1, keepdims=True)
    p = np.exp(log_p)
    top, confidence = p.argmax(axis=1), p.max(axis=1)
    bins = 10
    accuracy, mean_confidence = calibration_curve(
        top == truth, confidence, n_bins=bins, strategy="uniform")
    # Open below, closed above, as calibration_curve counts.
    counts = np.bincount(
        np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence), minlength=bins)
    ece = np.average(np.abs(accuracy - mean_confidence), weights=counts[counts > 0])

    tables = [(0, 0), (1, 0), (5, 5), (3, 12), (40, 21), (1200, 1350), (0, 2000)]
    shares = [(0, 10, 0.95), (10, 10, 0.95), (7, 10, 0.9), (812, 1000, 0.95), (3, 7, 0.999)]

    body = [
        '  static let classCases: [ClassCase] = [\n' + "\n".join(cases) + "\n  ]",
        "  /// The second classifier of the rows of the first class case.",
        wrapped("secondPredicted", "[Int]", second),
        "  /// Seed 11, 400 resamples of the first class case, macro-F1.",
        wrapped("macroF1Percentiles", "[Double]", percentiles(macro_first)),
        "  /// The same resamples, second classifier less first.",
        wrapped("macroF1GainPercentiles", "[Double]", percentiles(gain)),
        wrapped("macroF1GainPValue", "Double", min(1, 2 * tail)),
        wrapped("rowLosses", "[Double]", losses),
        "  /// scipy.stats.bootstrap, percentile, 40000 resamples by its own generator.",
        wrapped("rowLossMeanInterval", "[Double]", list(scipy_mean)),
        wrapped("probabilityTruth", "[Int]", truth),
        wrapped("logProbabilities", "[Double]", log_p.ravel()),
        wrapped("logLoss", "Double", metrics.log_loss(truth, p, labels=range(4))),
        wrapped(
            "brierScore", "Double",
            metrics.brier_score_loss(truth, p, labels=range(4), scale_by_half=False)),
        wrapped("binCounts", "[Int]", counts),
        "  /// Bins that hold rows only.",
        wrapped("binAccuracy", "[Double]", accuracy),
        wrapped("binConfidence", "[Double]", mean_confidence),
        wrapped("expectedCalibrationError", "Double", ece),
        "  /// Successes, trials, level, low, high.",
        wrapped(
            "wilson", "[[Double]]",
            [[s, n, level, *proportion_confint(s, n, 1 - level, method="wilson")]
             for s, n, level in shares]),
        "  /// Rows only the first got right, rows only the second got right, p-value.",
        wrapped(
            "mcNemar", "[[Double]]",
            [[b, c, mcnemar([[9, b], [c, 9]], exact=True).pvalue] for b, c in tables]),
        "  /// Level, two-sided quantile of the normal distribution.",
        wrapped(
            "normalQuantiles", "[[Double]]",
            [[level, stats.norm.isf((1 - level) / 2)]
             for level in (0.001, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999999)]),
    ]
    versions = ", ".join(
        f"{m.__name__} {m.__version__}" for m in (np, scipy, sklearn, statsmodels))
    text = "\n".join([
        "// swift-format-ignore-file",
        "// Generated by make_scoring_golden.py with " + versions + ". Do not edit.",
        "",
        "struct ClassCase: Sendable {",
        "  let name: String",
        "  let classCount: Int",
        "  let truth: [Int]",
        "  let predicted: [Int]",
        "  let confusion: [Int]",
        "  let precision: [Double]",
        "  let recall: [Double]",
        "  let f1: [Double]",
        "  let support: [Int]",
        "  /// In the order of `ClassMetric.allCases`.",
        "  let scores: [Double]",
        "}",
        "",
        "enum ScoringGolden {",
        "\n".join(body),
        "}",
        "",
    ])
    Path(__file__).with_name("ScoringGolden.swift").write_text(text)


if __name__ == "__main__":
    main()
