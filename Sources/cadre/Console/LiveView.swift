import Contracts
import Execution
import Planning
import Synchronization

/// Shows a run while it goes on: on a terminal running steps with a bar, redrawn in place;
/// elsewhere a line for each event.
final class LiveView: Sendable {
  private struct Row {
    var fraction: Double?
    var note: String
  }
  private struct State {
    /// What runs, in the order of its start.
    var order: [String] = []
    var rows: [String: [Int: Row]] = [:]
    var tasks: [String: String] = [:]
    /// Lines on the screen that will be drawn over.
    var drawn = 0
  }

  private let console: Console
  private let state = Mutex(State())

  init(console: Console) { self.console = console }

  /// Takes an event.
  func show(_ event: ProgressEvent) {
    state.withLock { state in
      draw(Self.lines(event, state: &state, console: console), &state)
    }
  }

  /// Shows a line that is no event of the run.
  func show(notice: String) {
    state.withLock { draw([console.paint(notice, .yellow)], &$0) }
  }

  /// Writes lines that stay, and below them what runs.
  private func draw(_ lines: [String], _ state: inout State) {
    guard console.isInteractive else {
      for line in lines { console.line(line) }
      return
    }
    var text = state.drawn > 0 ? "\u{1B}[\(state.drawn)A\u{1B}[J" : ""
    for line in lines { text += line + "\n" }
    let running = Self.runningLines(state, console: console)
    for line in running { text += line + "\n" }
    state.drawn = running.count
    console.write(text)
  }

  /// Changes the state by an event; the lines that stay on the screen.
  private static func lines(
    _ event: ProgressEvent, state: inout State, console: Console
  ) -> [String] {
    switch event {
    case .runStarted(let id, let workflow, _):
      return [console.paint("run \(id)", .bold) + "  \(workflow)"]
    case .stepStarted(let path, let task, let attempt):
      if !state.order.contains(path) { state.order.append(path) }
      state.rows[path] = [:]
      state.tasks[path] = task
      return attempt > 1 ? ["  \(path): attempt \(attempt)"] : []
    case .negotiated(let path, let decision):
      return [award(path, decision, console: console)]
    case .progress(let path, let member, _, let fraction, let note):
      state.rows[path, default: [:]][member] = Row(fraction: fraction, note: note)
      return []
    case .stepEnded(let path, let outcome, let seconds, let headline):
      state.order.removeAll { $0 == path }
      state.rows[path] = nil
      let mark =
        switch outcome {
        case "succeeded": console.paint("✓", .green)
        case "skipped": console.paint("–", .dim)
        default: console.paint("✗", .red)
        }
      let time = outcome == "skipped" ? "" : console.paint("  \(secondsText(seconds))", .dim)
      return ["\(mark) \(console.paint(path, .bold))\(time)  \(headline)"]
    case .retrying(let path, let delay, let message):
      return ["  \(path): again in \(secondsText(delay.seconds)) (\(message))"]
    case .roundEnded(let loop, let round, let score, let kept, _):
      let value = score.map { " score \(decimals($0))," } ?? ""
      return [console.paint("↻ \(loop) round \(round):\(value) kept round \(kept)", .cyan)]
    case .log(let agent, let level, let text):
      return level == "debug" ? [] : ["  \(console.paint(level, .yellow)) \(agent): \(text)"]
    case .runEnded: return []
    }
  }

  private static func award(
    _ path: String, _ decision: AssignmentDecision, console: Console
  ) -> String {
    let winners = decision.winners.map(\.proposal.offer.agent).joined(separator: " + ")
    let asked = decision.proposals.filter { $0.corrected != nil }.count
    let bids = "\(asked) bid\(asked == 1 ? "" : "s")"
    if let shortfall = decision.shortfall { return "  \(path): no award: \(shortfall)" }
    return console.paint("  \(path) ← \(winners)  (\(bids))", .dim)
  }

  private static func runningLines(_ state: State, console: Console) -> [String] {
    state.order.flatMap { path -> [String] in
      let rows = (state.rows[path] ?? [:]).sorted { $0.key < $1.key }
      if rows.isEmpty {
        return [clipped("… \(path)  \(state.tasks[path] ?? "")", to: console.width - 1)]
      }
      return rows.map { member, row in
        let name = rows.count > 1 ? "\(path)[\(member)]" : path
        let line = "\(bar(row.fraction)) \(name)  \(row.note)"
        return clipped(line, to: console.width - 1)
      }
    }
  }

  private static func bar(_ fraction: Double?) -> String {
    guard let fraction, fraction >= 0 else { return "··········" }
    let filled = Int((min(1, fraction) * 10).rounded(.down))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: 10 - filled)
  }
}

/// 0.34 s, 12.1 s, 2 min 5 s.
func secondsText(_ seconds: Double) -> String {
  if seconds < 10 { return "\(Double(Int(seconds * 100)) / 100) s" }
  if seconds < 60 { return "\(Double(Int(seconds * 10)) / 10) s" }
  return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
}

/// A count without decimals, another number with three.
func numberText(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : decimals(value)
}
