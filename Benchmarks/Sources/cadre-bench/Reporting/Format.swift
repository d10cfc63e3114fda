import Foundation

/// Numbers as the table prints them.
enum Format {
  static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  static func factor(_ factor: Double) -> String {
    String(format: factor < 10 ? "%.2fx" : "%.1fx", factor)
  }

  static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-6: String(format: "%.0f ns", seconds * 1e9)
    case ..<1e-3: String(format: "%.1f us", seconds * 1e6)
    case ..<1: String(format: "%.2f ms", seconds * 1e3)
    default: String(format: "%.2f s", seconds)
    }
  }
}
