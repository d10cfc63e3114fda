import Contracts
import Testing

@Test(
  "numbers are rounded to their decimals, and minus nothing is nothing",
  arguments: [
    (0.8125, 3, "0.813"), (-0.0004, 3, "0.000"), (-1.5, 2, "-1.50"), (2, 1, "2.0"),
    (0.999, 2, "1.00"), (.infinity, 3, "inf"),
  ])
func rounding(value: Double, places: Int, text: String) {
  #expect(decimals(value, places: places) == text)
}
