import Synchronization
import TensorCore
import Testing

@Suite struct ComputePoolTests {
  /// Counts who is inside, and the most that ever were.
  final class Gauge: Sendable {
    let inside = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let items = Atomic<Int>(0)

    func visit(_ count: Int) {
      most.max(inside.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
      items.add(count, ordering: .relaxed)
      var x = 0.0
      for step in 0..<20_000 { x += Double(step).squareRoot() }
      #expect(x > 0)
      inside.subtract(1, ordering: .relaxed)
    }
  }

  @Test("every item is visited once, in ranges that begin at multiples of the grain")
  func covers() {
    let pool = ComputePool(threads: 4)
    for (count, grain) in [(0, 1), (1, 1), (7, 3), (1000, 7), (1000, 1000), (1001, 500)] {
      let visits = (0..<count).map { _ in Counter() }
      pool.run(threads: 4, count: count, grain: grain) { range in
        #expect(range.lowerBound % grain == 0)
        for index in range { visits[index].value.add(1, ordering: .relaxed) }
      }
      #expect(visits.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
    }
  }

  final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  @Test("several callers at once never put more threads to work than the pool has")
  func noOversubscription() async {
    let pool = ComputePool(threads: 2)
    let gauge = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<20 {
            pool.run(threads: 2, count: 8, grain: 1) { gauge.visit($0.count) }
          }
        }
      }
    }
    #expect(gauge.items.load(ordering: .relaxed) == 4 * 20 * 8)
    #expect(gauge.most.load(ordering: .relaxed) <= 2)
  }

  @Test("a body may use the pool again")
  func nested() {
    let pool = ComputePool(threads: 2)
    let gauge = Gauge()
    pool.run(threads: 2, count: 4, grain: 1) { outer in
      for _ in outer {
        pool.run(threads: 2, count: 4, grain: 1) { gauge.items.add($0.count, ordering: .relaxed) }
      }
    }
    #expect(gauge.items.load(ordering: .relaxed) == 16)
  }
}
