import Foundation
import Synchronization
import TensorKernels
import Testing

/// A value behind a lock that the thread sanitizer sees into, unlike `Mutex`.
final class Guarded<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<R>(_ body: (inout Value) -> R) -> R {
    lock.withLock { body(&value) }
  }
}

@Suite struct PoolTests {
  /// What bodies leave behind: how often each index was visited, and how many computed at once.
  final class Visits: Sendable {
    let counts: Guarded<[Int]>
    let inside = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let threads = Guarded<Set<UInt>>([])
    let grain: Int
    let misplaced = Atomic<Int>(0)

    init(count: Int, grain: Int) {
      counts = Guarded([Int](repeating: 0, count: count))
      self.grain = grain
    }

    func visit(_ range: Range<Int>) {
      let now = inside.add(1, ordering: .sequentiallyConsistent).newValue
      most.max(now, ordering: .sequentiallyConsistent)
      threads.withLock { _ = $0.insert(UInt(pthread_self())) }
      if range.lowerBound % grain != 0 { misplaced.add(1, ordering: .relaxed) }
      counts.withLock { counts in for index in range { counts[index] += 1 } }
      inside.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  /// A pool that ends with its scope.
  ///
  /// Unchecked: the pointer never changes, and a pool is made to be called from many threads.
  final class Pool: @unchecked Sendable {
    let pointer: OpaquePointer

    init(threads: UInt32) throws { pointer = try #require(tk_pool_create(threads)) }
    deinit { tk_pool_destroy(pointer) }

    func run(
      threads: UInt32, count: Int, grain: Int, _ visits: Visits, asShort short: Bool = false
    ) {
      let run = short ? tk_pool_run_short : tk_pool_run
      run(
        pointer, threads, count, grain,
        { data, begin, end in
          guard let data else { return }
          Unmanaged<Visits>.fromOpaque(data).takeUnretainedValue().visit(begin..<end)
        }, Unmanaged.passUnretained(visits).toOpaque())
    }
  }

  @Test("ranges cover all indices once and begin at multiples of the grain")
  func covers() throws {
    for threads in [1, 2, 3, 8] as [UInt32] {
      let pool = try Pool(threads: threads)
      #expect(tk_pool_threads(pool.pointer) == threads)
      for (count, grain) in [(0, 1), (1, 1), (2, 1), (7, 3), (100, 7), (1000, 1), (64, 64)] {
        for wanted in [0, 1, 2, 100] as [UInt32] {
          let visits = Visits(count: count, grain: grain)
          pool.run(threads: wanted, count: count, grain: grain, visits)
          pool.run(threads: wanted, count: count, grain: grain, visits, asShort: true)
          #expect(visits.counts.withLock { $0.allSatisfy { $0 == 2 } })
          #expect(visits.misplaced.load(ordering: .relaxed) == 0)
          #expect(visits.most.load(ordering: .relaxed) <= max(1, min(threads, wanted)))
        }
      }
    }
  }

  @Test("workers take part: each range waits until the other has begun")
  func takesPart() throws {
    let pool = try Pool(threads: 2)
    let meeting = Meeting()
    for round in 1...200 {
      tk_pool_run(
        pool.pointer, 2, 2, 1,
        { data, begin, end in
          guard let data else { return }
          Unmanaged<Meeting>.fromOpaque(data).takeUnretainedValue().arrive(end - begin)
        }, Unmanaged.passUnretained(meeting).toOpaque())
      #expect(meeting.arrived.load(ordering: .relaxed) == 2 * round)
    }
  }

  /// Ends only when both of a pair are there, which takes two threads.
  final class Meeting: Sendable {
    let arrived = Atomic<Int>(0)

    func arrive(_ ranges: Int) {
      let mine = arrived.add(ranges, ordering: .sequentiallyConsistent).newValue
      let both = (mine + 1) / 2 * 2
      while arrived.load(ordering: .sequentiallyConsistent) < both { sched_yield() }
    }
  }

  @Test("without a pool, with one thread or one grain, the caller does it in one call")
  func inline() throws {
    let visits = Visits(count: 10, grain: 10)
    let pool = try Pool(threads: 4)
    pool.run(threads: 4, count: 10, grain: 10, visits)
    pool.run(threads: 1, count: 10, grain: 3, visits)
    tk_pool_run(
      nil, 4, 10, 3,
      { data, begin, end in
        guard let data else { return }
        Unmanaged<Visits>.fromOpaque(data).takeUnretainedValue().visit(begin..<end)
      }, Unmanaged.passUnretained(visits).toOpaque())
    #expect(visits.threads.withLock { $0 } == [UInt(pthread_self())])
    #expect(visits.misplaced.load(ordering: .relaxed) == 0)
  }

  @Test("many callers at once: no more threads compute than the pool has")
  func manyCallers() async throws {
    let pool = try Pool(threads: 2)
    let all = Visits(count: 5000, grain: 1)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          for _ in 0..<20 { pool.run(threads: 2, count: 5000, grain: 10, all) }
        }
      }
    }
    #expect(all.counts.withLock { $0.allSatisfy { $0 == 120 } })
    #expect(all.most.load(ordering: .relaxed) <= 2)
  }

  @Test("a body may call the pool: that runs on its own thread")
  func nested() throws {
    struct Outer {
      var pool: OpaquePointer
      var visits: Unmanaged<Visits>
    }
    let pool = try Pool(threads: 2)
    let visits = Visits(count: 8, grain: 1)
    var outer = Outer(pool: pool.pointer, visits: .passUnretained(visits))
    tk_pool_run(
      pool.pointer, 2, 6, 1,
      { data, begin, end in
        guard let outer = data?.assumingMemoryBound(to: Outer.self).pointee else { return }
        for _ in begin..<end {
          tk_pool_run(
            outer.pool, 2, 8, 1,
            { data, begin, end in
              guard let data else { return }
              Unmanaged<Visits>.fromOpaque(data).takeUnretainedValue().visit(begin..<end)
            }, outer.visits.toOpaque())
        }
      }, &outer)
    #expect(visits.counts.withLock { $0.allSatisfy { $0 == 6 } })
  }
}
