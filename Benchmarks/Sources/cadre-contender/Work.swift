import Contender
import Glibc

/// Work that can be done again and again.
final class Work {
  private let body: () throws -> Void

  /// Makes work of a closure; an error in it ends the process with its message.
  init(_ body: @escaping () throws -> Void) { self.body = body }

  private func call() {
    do {
      try body()
    } catch {
      let text = Array("cadre-contender: \(error)\n".utf8)
      write(STDERR_FILENO, text, text.count)
      exit(1)
    }
  }

  /// The same for the clock, which is C; frees the closure at its end.
  func forC() -> contender_work {
    contender_work(
      call: { data in
        if let data { Unmanaged<Work>.fromOpaque(data).takeUnretainedValue().call() }
      },
      end: { data in if let data { Unmanaged<Work>.fromOpaque(data).release() } },
      data: Unmanaged.passRetained(self).toOpaque())
  }
}

/// Numbers in -1 ..< 1, the same in every run.
func randomFloats(_ count: Int) -> [Float] {
  var state: UInt32 = 12345
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(state >> 8) / 8_388_608 - 1
  }
}
