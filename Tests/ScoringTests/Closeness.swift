extension Double {
  /// Whether two sums of the same numbers, taken in another order, may differ this much.
  ///
  /// Relative 1e-12: thousands of roundings of 1.1e-16; absolute 1e-14 around zero.
  func isClose(to other: Double, relative: Double = 1e-12) -> Bool {
    abs(self - other) <= relative * max(abs(self), abs(other)) + 1e-14
  }
}
