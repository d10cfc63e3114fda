/// The command line.
struct Options {
  var only: Set<Case.Group> = Set(Case.Group.allCases)
  var json: String?
  /// How often each contender is asked for each case.
  var rounds = 7
  /// Seconds that it then works.
  var slot = 0.05
  var threads: Set<Int> = [1, 2]

  static let usage = """
    usage: cadre-bench --products DIR --peers DIR --scripts DIR [--only GROUP]... [--threads N]
                       [--quick] [--rounds N] [--json FILE]
    groups: \(Case.Group.allCases.map(\.rawValue).joined(separator: ", "))
    """

  /// Reads the arguments behind the program's name.
  ///
  /// - Returns: the options and the folders' paths by name.
  static func parse(_ arguments: [String]) throws -> (Options, [String: String]) {
    var (options, folders, chosen) = (Options(), [String: String](), Set<Case.Group>())
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      func value() throws -> String {
        guard let value = rest.popFirst() else { throw BenchError("\(argument) wants a value") }
        return value
      }
      switch argument {
      case "--products", "--peers", "--scripts": folders[argument] = try value()
      case "--json": options.json = try value()
      case "--quick": (options.rounds, options.slot) = (3, 0.02)
      case "--rounds": options.rounds = try number(value(), argument)
      case "--threads": options.threads = [try number(value(), argument)]
      case "--only":
        let name = try value()
        guard let group = Case.Group(rawValue: name) else {
          throw BenchError("'\(name)' is no group\n\(usage)")
        }
        chosen.insert(group)
      default: throw BenchError("'\(argument)' is no option\n\(usage)")
      }
    }
    if !chosen.isEmpty { options.only = chosen }
    return (options, folders)
  }

  private static func number(_ text: String, _ option: String) throws -> Int {
    guard let number = Int(text), number > 0 else {
      throw BenchError("\(option) wants a whole number above 0, not '\(text)'")
    }
    return number
  }
}
