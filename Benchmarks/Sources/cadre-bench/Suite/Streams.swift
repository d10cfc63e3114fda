extension Suite {
  /// Work that is nothing but memory: within the second cache, and far outside of the last.
  ///
  /// Within the cache on one core only: a second one would cost more than it brings.
  static func streams(threads: Int) -> [Case] {
    let sizes = threads == 1 ? [(32 << 10, "32 K"), (16 << 20, "16 M")] : [(16 << 20, "16 M")]
    return sizes.flatMap { count, size in
      [
        stream("ReLU, \(size) elements", "unary relu \(count)", bytes: 8 * count, threads),
        stream("add, \(size) elements", "binary add \(count)", bytes: 12 * count, threads),
        stream(
          "sum, \(size) elements", "sum \(count)", bytes: 4 * count, threads, onlyReads: true),
      ]
    }
  }

  private static func stream(
    _ title: String, _ words: String, bytes: Int, _ threads: Int, onlyReads: Bool = false
  ) -> Case {
    Case(
      group: .streams, title: title, threads: threads, amount: .bytes(bytes), words: words,
      peers: [.torch, .numpy], aim: Aim(copy: 0.95), onlyReads: onlyReads)
  }
}
