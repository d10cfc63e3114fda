/// How two broadcast operands are walked: runs along the innermost axis, in which each operand
/// either steps by one or stands still, and the places where the runs begin.
struct BroadcastRuns {
  /// The length of a run.
  private(set) var count = 1
  /// 1, or 0 where the operand is one number for the whole run.
  private(set) var aStep = 0, bStep = 0
  /// How many runs there are.
  private(set) var outerCount = 1
  private var outerRank = 0
  private var lengths = InlineArray<8, Int>(repeating: 1)
  private var aSteps = InlineArray<8, Int>(repeating: 0)
  private var bSteps = InlineArray<8, Int>(repeating: 0)

  /// Shorter runs cost more in calls than a copy of the operands costs in memory.
  private static let shortestRun = 16

  /// Plans the walk over a shape to which both operands broadcast.
  ///
  /// - Returns: the operands, made dense where they were strided or where the runs were too short.
  static func plan(
    _ a: Tensor, _ b: Tensor, _ shape: Shape, account: MemoryAccount
  ) throws(TensorError) -> (a: Tensor, b: Tensor, runs: BroadcastRuns) {
    let a = try a.contiguous(account: account)
    let b = try b.contiguous(account: account)
    if a.shape == b.shape || shape.elementCount == 0 {
      return (a, b, BroadcastRuns(flat: shape.elementCount, aStep: 1, bStep: 1))
    }
    if b.shape.elementCount == 1 {
      return (a, b, BroadcastRuns(flat: shape.elementCount, aStep: 1, bStep: 0))
    }
    if a.shape.elementCount == 1 {
      return (a, b, BroadcastRuns(flat: shape.elementCount, aStep: 0, bStep: 1))
    }
    let (wideA, wideB) = (
      try a.broadcast(to: shape), try b.broadcast(to: shape)
    )
    let runs = BroadcastRuns(shape, wideA.strides, wideB.strides)
    guard runs.count < shortestRun, runs.outerCount > 1 else { return (a, b, runs) }
    return (
      try wideA.contiguous(account: account), try wideB.contiguous(account: account),
      BroadcastRuns(flat: shape.elementCount, aStep: 1, bStep: 1)
    )
  }

  private init(flat count: Int, aStep: Int, bStep: Int) {
    self.count = count
    self.aStep = aStep
    self.bStep = bStep
  }

  /// Merges neighbouring axes where both operands step through them evenly.
  private init(_ shape: Shape, _ a: Strides, _ b: Strides) {
    var merged = 0
    for axis in 0..<shape.rank where shape[axis] != 1 {
      let last = merged - 1
      if merged > 0, aSteps[last] == a[axis] * shape[axis], bSteps[last] == b[axis] * shape[axis] {
        lengths[last] *= shape[axis]
        aSteps[last] = a[axis]
        bSteps[last] = b[axis]
      } else {
        lengths[merged] = shape[axis]
        aSteps[merged] = a[axis]
        bSteps[merged] = b[axis]
        merged += 1
      }
    }
    // A dense operand steps by one along the innermost axis that it has, so a step is 0 or 1 there,
    // or that axis is not the operand's innermost one: then the run is cut to single positions.
    let inner = merged - 1
    outerRank = merged
    if inner >= 0, aSteps[inner] <= 1, bSteps[inner] <= 1 {
      count = lengths[inner]
      aStep = aSteps[inner]
      bStep = bSteps[inner]
      outerRank = inner
    }
    for axis in 0..<outerRank { outerCount *= lengths[axis] }
  }

  /// Visits runs in order, with the offsets of the operands in elements.
  func forEach(_ range: Range<Int>, _ body: (_ run: Int, _ a: Int, _ b: Int) -> Void) {
    var position = InlineArray<8, Int>(repeating: 0)
    var (left, aOffset, bOffset) = (range.lowerBound, 0, 0)
    for axis in stride(from: outerRank - 1, through: 0, by: -1) {
      position[axis] = left % lengths[axis]
      left /= lengths[axis]
      aOffset += position[axis] * aSteps[axis]
      bOffset += position[axis] * bSteps[axis]
    }
    for run in range {
      body(run, aOffset, bOffset)
      // Counts up like an odometer; each carry takes back what its axis had stepped.
      for axis in stride(from: outerRank - 1, through: 0, by: -1) {
        position[axis] += 1
        aOffset += aSteps[axis]
        bOffset += bSteps[axis]
        if position[axis] < lengths[axis] { break }
        aOffset -= aSteps[axis] * lengths[axis]
        bOffset -= bSteps[axis] * lengths[axis]
        position[axis] = 0
      }
    }
  }
}
