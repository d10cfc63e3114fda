/// The table: Markdown that is also aligned in a terminal.
struct Table {
  private let verdicts: [Verdict]

  init(_ verdicts: [Verdict]) { self.verdicts = verdicts }

  private static let header = [
    "case", "thr", "ours", "time", "spread", "of limit", "best peer", "x best", "x torch", "aim",
    "met",
    "bound by",
  ]

  /// The lines.
  var text: String {
    let rows = [Self.header] + verdicts.map(row)
    let widths = Self.header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      "| "
        + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: " | ") + " |"
    }
    let rule =
      "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    return ([line(rows[0]), rule] + rows.dropFirst().map(line)).joined(separator: "\n")
  }

  private func row(_ verdict: Verdict) -> [String] {
    let test = verdict.outcome.test
    let aims = verdict.aims
    return [
      test.title, String(test.threads), speed(verdict), Format.time(verdict.seconds),
      "+" + Format.percent(verdict.spread),
      limits(verdict), verdict.best.map(\.peer.rawValue) ?? "-",
      verdict.best.map { Format.factor($0.ratio) } ?? "-",
      verdict.ratio(.torch).map(Format.factor) ?? "-",
      aims.isEmpty ? "-" : aims.map(\.text).joined(separator: ", "),
      verdict.isMet.map { $0 ? "yes" : "NO" } ?? "-", verdict.bound,
    ]
  }

  private func speed(_ verdict: Verdict) -> String {
    switch verdict.outcome.test.amount {
    case _ where verdict.outcome.test.isRate: "\(Int((1 / verdict.seconds).rounded())) steps/s"
    case .flops(let flops): "\(Int((flops / verdict.seconds / 1e9).rounded())) GFLOP/s"
    case .bytes(let count): "\(Int((Double(count) / verdict.seconds / 1e9).rounded())) GB/s"
    case .call: Format.time(verdict.seconds)
    }
  }

  private func limits(_ verdict: Verdict) -> String {
    let shares = [
      (verdict.peakShare, "peak"), (verdict.copyShare, "copy"), (verdict.readShare, "read"),
    ]
    let known = shares.compactMap { share, name in share.map { "\(Format.percent($0)) \(name)" } }
    return known.isEmpty ? "-" : known.joined(separator: ", ")
  }
}
