#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's functions that the tests need, imported in this one file.
enum RealNumbers {
  static func exp(_ x: Double) -> Double { _exp(x) }
}

private func _exp(_ x: Double) -> Double { exp(x) }
