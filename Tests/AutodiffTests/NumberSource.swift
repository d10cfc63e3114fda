import TensorCore

/// Draws shapes and numbers from a seed.
struct NumberSource {
  var generator: PhiloxGenerator

  init(seed: UInt64) { generator = PhiloxGenerator(seed: seed, stream: 99) }

  mutating func length(_ range: ClosedRange<Int> = 1...4) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func lengths(_ count: Int, _ range: ClosedRange<Int> = 1...4) -> [Int] {
    (0..<count).map { _ in length(range) }
  }

  /// Numbers that f32 can hold, away from 0, where some operations have a kink or a pole.
  mutating func numbers(_ count: Int, positive: Bool = false) -> [Double] {
    (0..<count).map { _ in
      let size = Double(Float.random(in: 0.1...1.5, using: &generator))
      return positive || Bool.random(using: &generator) ? size : -size
    }
  }

  mutating func variable(_ shape: [Int], positive: Bool = false) -> GradientCase.Input {
    .variable(shape, numbers(shape.reduce(1, *), positive: positive))
  }

  mutating func indices(_ shape: [Int], below limit: Int) -> [Int64] {
    (0..<shape.reduce(1, *)).map { _ in Int64.random(in: 0..<Int64(limit), using: &generator) }
  }
}
