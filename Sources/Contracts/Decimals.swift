/// A number with a fixed count of decimals, for a person.
///
/// Rounds half away from zero; what is not finite or very large is printed as Swift prints it.
///
/// - Parameter places: decimals, 1 to 6.
public func decimals(_ value: Double, places: Int = 3) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
  let units = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(units % scale)
  let sign = value < 0 && units > 0 ? "-" : ""
  return sign + "\(units / scale)." + String(repeating: "0", count: places - fraction.count)
    + fraction
}
