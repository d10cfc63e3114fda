import Contracts

/// Checks what a workflow means: names, references, order, types, and that somebody offers each step.
///
/// - Parameters:
///   - file: the workflow, perhaps read with problems; what could not be read is not blamed again.
///   - offers: everything that can be asked for, the host's own tasks included.
/// - Returns: all problems in the order of the file.
/// - Complexity: O(steps · offers · ports), and O(steps²) for the cycles.
public func check(_ file: WorkflowFile, offers: [Offer]) -> [Diagnostic] {
  var checker = Checker(file: file, offers: offers)
  checker.run()
  return checker.problems.all.sorted()
}

/// One check of one workflow.
struct Checker {
  let file: WorkflowFile
  let offers: [Offer]
  let index: StepIndex
  let types: StepTypes
  var problems: ProblemList
  /// Which node of a group refers to which others, and where; in the order of the file.
  var edges: [Edge] = []

  /// The agent id of tasks that the host runs itself.
  static let host = "host"

  init(file: WorkflowFile, offers: [Offer]) {
    self.file = file
    self.offers = offers
    index = StepIndex(file)
    types = StepTypes(file, offers: offers)
    problems = ProblemList(file: file.path, source: file.source)
  }

  mutating func run() {
    walk(file.steps, scope: [])
    checkOrder()
    checkSeals()
  }

  private mutating func walk(_ nodes: [StepNode], scope: [String]) {
    for node in nodes {
      checkShadowing(node, scope: scope)
      switch node {
      case .step(let step):
        checkReferences(of: step, scope: scope)
        checkCondition(of: step, scope: scope)
        checkOffers(for: step, scope: scope)
      case .loop(let loop):
        walk(loop.steps, scope: scope + [loop.name])
        checkBounds(of: loop, scope: scope)
      }
    }
  }

  /// Inside of a loop a name must mean the same as outside of it.
  private mutating func checkShadowing(_ node: StepNode, scope: [String]) {
    for depth in 0..<scope.count where index.node(node.name, in: scope.prefix(depth)) != nil {
      problems.report(
        "'\(node.name)' is also the name of a step outside of this loop", at: node.position,
        text: node.name, remedy: "choose another name")
      return
    }
  }

  /// The names that a reference inside of `scope` can begin with.
  func visibleNames(from scope: [String]) -> [String] {
    (0...scope.count).reversed().flatMap { depth in
      index.nodes(in: scope.prefix(depth)).map(\.name)
    }
  }

  /// "did you mean …?" or the fallback.
  func suggestion(
    for word: String, among candidates: [String], else fallback: String
  ) -> String {
    NearMiss.nearest(to: word, among: candidates).map { "did you mean '\($0)'?" } ?? fallback
  }
}
