import TensorCore
import Testing

@Suite struct OperationGoldenTests {
  @Test(
    "every operation agrees with NumPy, in f32 and in f64, on one thread and on two",
    arguments: [DType.f32, .f64], [1, 2])
  func agreesWithNumPy(real: DType, threads: Int) throws {
    for (number, golden) in try GoldenCase.all().enumerated() where golden.isReal || real == .f32 {
      let context = try ComputeContext(
        memory: MemoryAccount(), threadLimit: threads, pool: ComputePool(threads: threads))
      let inputs = try golden.inputs.map { try $0.tensor(real) }
      let results = try run(golden, inputs, context)
      let label = "case \(number), \(golden.name) of \(inputs.map(\.description))"
      #expect(results.count == golden.outputs.count, "\(label)")
      for (result, expected) in zip(results, golden.outputs) {
        try compare(result, expected, real, label)
      }
    }
  }

  @Test("strided views give what dense copies of them give")
  func views() throws {
    let context = try ComputeContext(memory: MemoryAccount())
    for golden in try GoldenCase.all() where golden.isReal {
      let inputs = try golden.inputs.map { try $0.tensor(.f32) }
      // The same elements as every second position of a wider tensor, with another axis order.
      let views = try inputs.map { x -> Tensor in
        guard x.shape.rank > 0, x.shape.elementCount > 0 else { return x }
        let wide = try stack([x, x], axis: -1, context: context)
        let turned = try transpose(wide, context: context)
        return try turned.rows(0..<1).reshaped(Array(turned.shape.dimensions.dropFirst()))
          .transposed()
      }
      let results = try run(golden, views, context)
      let dense = try run(golden, inputs, context)
      for (result, expected) in zip(results, dense) {
        #expect(result.spec == expected.spec)
        let same = try result.contiguous().withUnsafeBytes { a in
          try expected.contiguous().withUnsafeBytes { b in a.elementsEqual(b) }
        }
        // Products may add up in another order where an operand is read with other steps.
        if golden.name != "matmul" && golden.name != "linear" {
          #expect(same, "\(golden.name) of \(inputs.map(\.description))")
        }
      }
    }
  }

  private func compare(
    _ result: Tensor, _ expected: GoldenTensor, _ real: DType, _ label: String
  ) throws {
    #expect(result.shape.dimensions == expected.shape, "\(label)")
    if let dtype = expected.dtype {
      #expect(result.dtype == dtype, "\(label)")
    } else {
      #expect(result.dtype == real, "\(label)")
    }
    // A few roundings of the type; sums have up to 70 terms.
    let tolerance = result.dtype == .f64 ? 2e-13 : 4e-6
    for (index, (a, e)) in zip(try numbers(result), expected.elements).enumerated() {
      if a == e || (a.isNaN && e.isNaN) { continue }
      // Golden numbers beyond f32's range are its infinities and its smallest numbers.
      let wanted = result.dtype == .f32 ? Double(Float(e)) : e
      if a == wanted || abs(a - wanted) <= tolerance * max(abs(wanted), 1) { continue }
      Issue.record("\(label): element \(index) is \(a), expected \(e)")
      return
    }
  }

  private func numbers(_ x: Tensor) throws -> [Double] {
    switch x.dtype {
    case .f32: try x.elements(as: Float.self).map(Double.init)
    case .f64: try x.elements(as: Double.self)
    case .i32: try x.elements(as: Int32.self).map(Double.init)
    case .i64: try x.elements(as: Int64.self).map(Double.init)
    default: try x.elements(as: UInt8.self).map(Double.init)
    }
  }
}
