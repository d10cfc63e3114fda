#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's functions that networks and text features need, imported in this one file.
enum RealFunctions {
  static func log(_ x: Double) -> Double { _log(x) }
  static func cos(_ x: Double) -> Double { _cos(x) }
}

// Inside the enumeration the bare names would mean its own members.
private func _log(_ x: Double) -> Double { log(x) }
private func _cos(_ x: Double) -> Double { cos(x) }
