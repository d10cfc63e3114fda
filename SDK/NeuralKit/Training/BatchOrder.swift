/// The rows of each batch of an epoch, shuffled by seed and epoch alone.
///
/// - Parameters:
///   - count: the number of rows.
///   - size: rows a batch, at least 1; the last one may be smaller.
///   - seed: the training's seed.
///   - epoch: the epoch's number.
/// - Returns: batches that hold each row once.
/// - Complexity: O(count).
public func shuffledBatches(of count: Int, size: Int, seed: UInt64, epoch: Int) -> [[Int]] {
  var random = CounterRandom(seed: seed, stream: "epoch \(epoch)")
  let order = random.permutation(count)
  return stride(from: 0, to: count, by: max(1, size)).map { start in
    Array(order[start..<min(count, start + max(1, size))])
  }
}

/// The rows of each batch in their own order: for inference.
///
/// - Complexity: O(count).
public func batches(of count: Int, size: Int) -> [[Int]] {
  stride(from: 0, to: count, by: max(1, size)).map { start in
    Array(start..<min(count, start + max(1, size)))
  }
}
