/// One row of the table: a piece of work, who does it, what we want of it.
struct Case {
  /// What `--only` chooses by.
  enum Group: String, CaseIterable {
    case gemm, cubes, elementwise, streams, small, training
  }

  /// How much work it is, and so what limits it.
  enum Amount {
    /// Floating-point operations; limited by the peak of the multiply-add units.
    case flops(Double)
    /// Bytes read and written, which are also the working set; limited by a loop that copies as many.
    case bytes(Int)
    /// Nothing worth naming: what counts is the time of a call.
    case call
  }

  let group: Group
  let title: String
  let threads: Int
  let amount: Amount
  /// What the contenders are asked, in the words of `Contender`.
  let words: String
  /// What Cadre is asked where that has another name.
  var ownWords: String?
  let peers: [Contender]
  var aim = Aim()
  /// The same arithmetic on operands in the first cache, and how many of it make one call.
  var hot: (words: String, count: Double)?
  /// A second limit for work that only reads.
  var onlyReads = false
  /// Whether the figure is shown as calls a second.
  var isRate = false
}

/// What a row shall reach; nil: no aim.
struct Aim {
  /// Share of the peak.
  var peak: Double?
  /// Share of the copy loop at the same working set.
  var copy: Double?
  /// Whether `copy` is asked only where bandwidth bounds the work, not arithmetic.
  var copyWhereBound = false
  /// Times as fast as the fastest peer.
  var best: Double?
  /// Times as fast as PyTorch as shipped.
  var shipped: Double?
  /// Times as fast as PyTorch with its MKL forced to AVX-512.
  var forced: Double?
  /// Seconds a call, at most.
  var seconds: Double?
}
