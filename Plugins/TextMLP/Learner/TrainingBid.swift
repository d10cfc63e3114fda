import AgentKit

/// What a training will cost and how good it may be expected to be.
struct TrainingBid {
  let answer: BidAnswer

  init(_ call: Call, settings: MLPSettings) {
    let dim = call.dim("classes")
    if let most = dim?.max, most < 2 {
      answer = .no(
        reason: most == 0
          ? "the data has no labels to learn from" : "needs at least 2 classes, the data has 1")
      return
    }
    let rows = call.items
    // Short texts bring about 8 new terms a row. A parameter has itself, two moments, a gradient
    // and a snapshot.
    let terms = min(settings.features.maxFeatures, 8 * (rows ?? 10_000))
    let memory = UInt64(terms * settings.hidden * 5 * 4) + 16 << 20
    if let limit = call.memoryLimit, memory > limit {
      answer = .onlyIf(
        wish: "\(memory >> 20) MiB of memory, or fewer 'hidden' units or 'max_features'")
      return
    }
    // Measured on two cores with AVX-512: a step moves all parameters several times through memory,
    // a row adds its terms, and the vocabulary takes a while at the start. As a rule early stopping
    // ends a training in a third of its epochs.
    let step = Double(terms * settings.hidden) + 200_000
    let perRow = Double(settings.epochs) * (step / Double(settings.batch) + 20_000) + 150_000
    var estimate = Estimate(
      fixed: .milliseconds(50), perItem: .nanoseconds(Int(perRow / 3)),
      perItemP95: .nanoseconds(Int(perRow)), memory: memory, quality: 0.8)
    let classes = dim.flatMap { $0.estimate ?? ($0.max == $0.min ? $0.max : nil) }
    if let rows, let classes, rows > 0, classes > 0 {
      // As a rule errors fall with the root of the rows a class.
      let perClass = Double(rows) / Double(classes)
      estimate.quality = max(1 / Double(classes), 0.83 - 0.6 / perClass.squareRoot())
      estimate.reason = "expected of \(Int(perClass)) rows a class"
    }
    answer = .yes(estimate)
  }
}
