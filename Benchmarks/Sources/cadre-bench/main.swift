import Foundation

// Has Cadre and its peers do the same work in turn, and prints what came out. `make bench` calls it
// by way of ../../bench.sh.

// A contender that died shall be reported, not end us.
signal(SIGPIPE, SIG_IGN)

do {
  let (options, paths) = try Options.parse(Array(CommandLine.arguments.dropFirst()))
  func folder(_ name: String) throws -> URL {
    guard let path = paths[name] else { throw BenchError("\(name) is missing\n\(Options.usage)") }
    return URL(fileURLWithPath: path)
  }
  let arena = Arena(
    folders: Folders(
      products: try folder("--products"), peers: try folder("--peers"),
      scripts: try folder("--scripts")), options: options)
  let chosen = Suite.cases.filter {
    options.only.contains($0.group) && options.threads.contains($0.threads)
  }
  var outcomes: [Outcome] = []
  var load = [loadAverage()]
  for (index, test) in chosen.enumerated() {
    progress("[\(index + 1)/\(chosen.count)] \(test.title), \(test.threads) thread(s)")
    outcomes.append(try arena.run(test))
  }
  load.append(loadAverage())
  let limits = Limits(outcomes)
  let verdicts = outcomes.map { Verdict($0, limits) }
  print(Table(verdicts).text)
  let notes = Notes(
    verdicts: verdicts, limits: limits, load: load, about: arena.about, absent: arena.absent)
  print("\n" + notes.lines.joined(separator: "\n"))
  if let path = options.json {
    try JSONReport(verdicts, about: arena.about, absent: arena.absent, load: load).write(to: path)
  }
} catch {
  progress("cadre-bench: \(error)")
  exit(1)
}
