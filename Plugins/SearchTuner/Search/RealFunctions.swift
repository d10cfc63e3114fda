#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's functions that a search needs, imported in this one file.
enum RealFunctions {
  static func exp(_ x: Double) -> Double { _exp(x) }
  static func log(_ x: Double) -> Double { _log(x) }

  /// A number rounded to four significant digits: more than any search can tell apart, and
  /// readable.
  static func readable(_ x: Double) -> Double {
    guard x != 0, x.isFinite else { return x }
    let digits = 3 - Int(log10(abs(x)).rounded(.down))
    // Powers of ten are exact up to 10²², and one division rounds once: the result prints shortly.
    if (0...22).contains(digits) {
      let scale = pow(10, Double(digits))
      return (x * scale).rounded() / scale
    }
    if (-22..<0).contains(digits) {
      let scale = pow(10, Double(-digits))
      return (x / scale).rounded() * scale
    }
    return x
  }
}

// Inside the enumeration the bare names would mean its own members.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
