import NeuralKit
import Testing

@Suite struct TrainingTests {
  @Test("early stopping waits for its patience and remembers the best epoch")
  func earlyStopping() {
    var stopping = EarlyStopping(patience: 2)
    #expect(stopping.observe(0.5, epoch: 0) == .improved)
    #expect(stopping.observe(0.5, epoch: 1) == .wait)
    #expect(stopping.observe(0.6, epoch: 2) == .improved)
    #expect(stopping.observe(.nan, epoch: 3) == .wait)
    #expect(stopping.observe(0.1, epoch: 4) == .stop)
    #expect(stopping.best == 0.6)
    #expect(stopping.bestEpoch == 2)
  }

  @Test("a gain below the least does not count")
  func minimumGain() {
    var stopping = EarlyStopping(patience: 1, minimumGain: 0.1)
    #expect(stopping.observe(0.5, epoch: 0) == .improved)
    #expect(stopping.observe(0.55, epoch: 1) == .stop)
  }

  @Test("batches hold each row once, in an order of seed and epoch")
  func batchOrder() {
    let order = shuffledBatches(of: 10, size: 4, seed: 1, epoch: 2)
    #expect(order.map(\.count) == [4, 4, 2])
    #expect(order.joined().sorted() == Array(0..<10))
    #expect(order == shuffledBatches(of: 10, size: 4, seed: 1, epoch: 2))
    #expect(order != shuffledBatches(of: 10, size: 4, seed: 1, epoch: 3))
    #expect(order != shuffledBatches(of: 10, size: 4, seed: 2, epoch: 2))
    #expect(batches(of: 5, size: 2) == [[0, 1], [2, 3], [4]])
    #expect(shuffledBatches(of: 0, size: 4, seed: 1, epoch: 1).isEmpty)
  }

  @Test("streams of one seed differ by name and do not depend on each other")
  func streams() {
    var a = CounterRandom(seed: 1, stream: "a")
    var b = CounterRandom(seed: 1, stream: "b")
    var again = CounterRandom(seed: 1, stream: "a")
    let first = a.next()
    #expect(first != b.next())
    #expect(first == again.next())
    #expect(a.counter == 1)
  }

  @Test("uniform and normal numbers have their moments")
  func moments() {
    var random = CounterRandom(seed: 5, stream: "moments")
    let count = 20_000
    let uniform = (0..<count).map { _ in random.uniform() }
    #expect(uniform.allSatisfy { 0 <= $0 && $0 < 1 })
    // Five standard errors: 0.2887 / √20000 and 1 / √20000.
    #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < 0.0103)
    let normal = (0..<count).map { _ in random.normal() }
    #expect(abs(normal.reduce(0, +) / Double(count)) < 0.0354)
    let variance = normal.reduce(0) { $0 + $1 * $1 } / Double(count)
    #expect(abs(variance - 1) < 0.05)
  }

  @Test("initial weights keep to the bounds of their papers")
  func initialisers() {
    var random = CounterRandom(seed: 1, stream: "w")
    let glorot = Initialiser.glorotUniform.values(2000, fanIn: 20, fanOut: 10, random: &random)
    #expect(glorot.allSatisfy { abs($0) <= Float(0.2).squareRoot() })
    #expect(glorot.contains { abs($0) > 0.4 })
    let he = Initialiser.heUniform.values(2000, fanIn: 24, fanOut: 1, random: &random)
    #expect(he.allSatisfy { abs($0) <= 0.5 })
    #expect(he.contains { abs($0) > 0.45 })
    let normal = Initialiser.heNormal.values(20_000, fanIn: 2, fanOut: 1, random: &random)
    let variance = normal.reduce(0) { $0 + Double($1) * Double($1) } / 20_000
    #expect(abs(variance - 1) < 0.05)
    #expect(Initialiser.zeros.values(3, fanIn: 1, fanOut: 1, random: &random) == [0, 0, 0])
  }

  @Test("sparse rows are taken, joined and measured")
  func sparseRows() throws {
    var left = SparseRows(columnCount: 3)
    left.append([(0, 1), (2, 2)])
    left.append([(1, 3)])
    var right = SparseRows(columnCount: 2)
    right.append([(1, 4)])
    right.append([])
    let both = try left.beside(right)
    #expect(both.columnCount == 5)
    #expect(both.row(0).map(\.column) == [0, 2, 4])
    #expect(both.rows(at: [1, 0, 0]).offsets == [0, 1, 4, 7])
    #expect(both.entriesPerRow == 2)
    right.append([])
    #expect(throws: (any Error).self) { try left.beside(right) }
  }
}
