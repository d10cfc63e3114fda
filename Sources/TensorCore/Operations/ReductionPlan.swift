import TensorKernels

/// An operand of a reduction as the kernels take it: `[outer, count, inner]`, the middle reduced.
struct ReductionPlan {
  /// Dense; its axes are in another order where the reduced ones did not lie together.
  let x: Tensor
  let outer, count, inner: Int

  init(
    _ x: Tensor, _ axes: ReductionAxes, op: String, account: MemoryAccount
  ) throws(TensorError) {
    if axes.axes == nil, x.isContiguous {
      self.x = x
      (outer, count, inner) = (1, x.shape.elementCount, 1)
      return
    }
    let flags = try x.shape.flags(axes.axes, op: op)
    // Axes of length 1 may count as either, so they never part the reduced ones.
    let reduced = (0..<x.shape.rank).filter { flags[$0] && x.shape[$0] != 1 }
    guard let first = reduced.first, let last = reduced.last else {
      self.x = try x.contiguous(account: account)
      (outer, count, inner) = (x.shape.elementCount, 1, 1)
      return
    }
    let together = (first...last).allSatisfy { flags[$0] || x.shape[$0] == 1 }
    if together {
      self.x = try x.contiguous(account: account)
      outer = x.shape.product(0..<first)
      count = x.shape.product(first..<last + 1)
      inner = x.shape.product(last + 1..<x.shape.rank)
    } else {
      let kept = (0..<x.shape.rank).filter { !flags[$0] }
      let gone = (0..<x.shape.rank).filter { flags[$0] }
      self.x = try x.transposed(kept + gone).contiguous(account: account)
      outer = self.x.shape.product(0..<kept.count)
      count = self.x.shape.product(kept.count..<x.shape.rank)
      inner = 1
    }
  }

  /// Reduces, some outer positions a thread.
  func run(
    _ y: Tensor, _ context: ComputeContext,
    _ body: (_ outer: Int, _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer) -> Void
  ) {
    let (from, to) = (x.start, y.start)
    let (width, wide) = (x.dtype.byteSize, y.dtype.byteSize)
    withExtendedLifetime(x) {
      context.parallel(outer, grain: max(Grain.elements / max(count * inner, 1), 1)) { range in
        body(
          range.count, from + range.lowerBound * count * inner * width,
          to + range.lowerBound * inner * wide)
      }
    }
  }
}

extension ReductionPlan {
  /// Even parts of the middle axis.
  struct Blocks {
    let total: Int
    let length: Int
    var count: Int { (total + length - 1) / length }

    func rows(_ block: Int) -> Range<Int> {
      block * length..<min((block + 1) * length, total)
    }
  }

  /// Parts of a sum that would otherwise keep one thread busy; nil where it is short, has outer
  /// positions to split instead, or is no sum.
  func blocks(for op: ReductionOp) -> Blocks? {
    guard outer == 1, op == .sum || op == .mean || op == .norm,
      count * inner >= 4 * Grain.elements, inner <= Grain.elements, x.dtype.isFloatingPoint
    else { return nil }
    return Blocks(total: count, length: max(Grain.elements / inner, 1))
  }
}
