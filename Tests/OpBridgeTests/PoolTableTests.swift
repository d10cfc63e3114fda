import CadreABI
import OpBridge
import Synchronization
import Testing

@Suite("cadre.pool/1")
struct PoolTableTests {
  private let host = TestHost(threads: 3)
  private var pool: cadre_pool { PoolTable.pointer.pointee }

  /// What the bodies were told, guarded.
  private final class Ranges: Sendable {
    let all = Mutex<[Range<UInt64>]>([])

    static func behind(_ data: UnsafeMutableRawPointer?) -> Ranges? {
      data.map { Unmanaged<Ranges>.fromOpaque($0).takeUnretainedValue() }
    }
  }

  private func run(_ count: UInt64, grain: UInt64) throws -> [Range<UInt64>] {
    let ranges = Ranges()
    try check(
      pool.run(host.pointer, count, grain, Unmanaged.passUnretained(ranges).toOpaque()) {
        data, begin, end in
        Ranges.behind(data)?.all.withLock { $0.append(begin..<end) }
      })
    return ranges.all.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
  }

  @Test("an agent may use as many threads as the host gives it")
  func threads() {
    #expect(pool.threads(host.pointer) == 3)
    #expect(pool.threads(nil) == 1)
  }

  @Test("ranges are disjoint, cover everything, and are at least a grain long but the last")
  func covering() throws {
    for (count, grain) in [(1, 1), (10, 3), (1000, 7), (64, 64), (65, 64), (5, 0)]
      as [(UInt64, UInt64)]
    {
      let ranges = try run(count, grain: grain)
      var next: UInt64 = 0
      for range in ranges {
        #expect(range.lowerBound == next)
        #expect(range.upperBound == count || range.upperBound - range.lowerBound >= grain)
        next = range.upperBound
      }
      #expect(next == count)
    }
    #expect(try run(0, grain: 4).isEmpty)
  }

  @Test("a missing body and an absurd count are errors")
  func refused() {
    #expect(throws: ReceivedError.self) { try check(pool.run(host.pointer, 4, 1, nil, nil)) }
    #expect(throws: ReceivedError.self) {
      try check(pool.run(host.pointer, .max, 1, nil) { _, _, _ in })
    }
    #expect(throws: ReceivedError.self) { try check(pool.run(nil, 4, 1, nil) { _, _, _ in }) }
  }
}
