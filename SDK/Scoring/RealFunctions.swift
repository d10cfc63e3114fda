#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's functions that scores need, imported in this one file.
enum RealFunctions {
  static func exp(_ x: Double) -> Double { _exp(x) }
  static func log(_ x: Double) -> Double { _log(x) }
  /// The complement of the error function: keeps its digits in the tail, where `1 - erf` loses them.
  static func erfc(_ x: Double) -> Double { _erfc(x) }
}

// Inside the enumeration the bare names would mean its own members.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _erfc(_ x: Double) -> Double { erfc(x) }
