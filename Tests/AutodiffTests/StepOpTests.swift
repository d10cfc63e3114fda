import Autodiff
import TensorCore
import Testing

/// Operations that work in place, through the table.
@Suite struct StepOpTests {
  let registry = OpRegistry.standard
  let context: ComputeContext

  init() throws { context = try ComputeContext() }

  @Test("accumulate adds in place, in f32 and f64, and gives nothing")
  func accumulate() throws {
    let (a, b) = (try Tensor([1, 2] as [Float]), try Tensor([1, 2] as [Double]))
    for (target, x) in [(a, try Tensor([3, 4] as [Float])), (b, try Tensor([3, 4] as [Double]))] {
      let version = target.storage.version
      #expect(try registry.run("accumulate/1", [target, x], context: context).isEmpty)
      #expect(target.storage.version > version)
    }
    #expect(try a.elements(as: Float.self) == [4, 6])
    #expect(try b.elements(as: Double.self) == [4, 6])
  }

  @Test("clip_norm scales all inputs together and gives the norm before")
  func clipNorm() throws {
    let (a, b) = (try Tensor([3] as [Float]), try Tensor([4, 0] as [Float]))
    let clip = OpAttributes.clip(maximumNorm: 2.5)
    let before = try registry.run("clip_norm/1", [a, b], attributes: clip, context: context)[0]
    #expect(try before.item(as: Float.self) == 5)
    #expect(try a.elements(as: Float.self) == [1.5])
    #expect(try b.elements(as: Float.self) == [2, 0])
    let after = try registry.run("clip_norm/1", [a, b], attributes: clip, context: context)[0]
    #expect(try after.item(as: Float.self) == 2.5)
    #expect(try a.elements(as: Float.self) == [1.5])
  }

  @Test("an accumulated gradient of two halves is that of the whole")
  func halves() throws {
    let w = try Tensor.normal([3, 2], context: context)
    let x = try Tensor.normal([4, 3], context: context)
    func gradient(_ rows: Range<Int>) throws -> Tensor {
      let tape = Tape()
      try tape.watch(w)
      let y = try registry.run("matmul/1", [x.rows(rows), w], context: context, tape: tape)
      let square = try registry.run("mul/1", [y[0], y[0]], context: context, tape: tape)
      let loss = try registry.run("sum/1", square, context: context, tape: tape)[0]
      return try tape.gradient(of: loss, withRespectTo: [w], context: context)[0]
    }
    let sum = try gradient(0..<2)
    _ = try registry.run("accumulate/1", [sum, gradient(2..<4)], context: context)
    expectClose(
      try sum.elements(as: Float.self), try gradient(0..<4).reals(), tolerance: 1e-5, "sum")
  }
}
