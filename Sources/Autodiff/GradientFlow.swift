/// Which inputs of an operation gradients flow to.
struct GradientFlow {
  /// The slot of each input on the tape.
  let slots: [Int]
  /// For each slot whether its gradient is of use; nil while that is not known: all are.
  let useful: [Bool]?

  func reaches(_ index: Int) -> Bool {
    guard index < slots.count, slots[index] != Tape.untracked else { return false }
    return useful?[slots[index]] ?? true
  }

  var reachesAny: Bool {
    for index in slots.indices where reaches(index) { return true }
    return false
  }
}
