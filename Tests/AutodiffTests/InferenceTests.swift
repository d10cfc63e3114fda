import Autodiff
import TensorCore
import Testing

/// Inference and running, on operands that mostly do not fit.
@Suite struct InferenceTests {
  /// Attributes of an operation, its defaults or drawn ones; many do not fit either.
  static func attributes(of op: OpDefinition, _ source: inout NumberSource) -> OpAttributes {
    let axis = source.length(0...6) - 3
    let lengths = source.lengths(source.length(0...3), 0...3)
    let flag = source.length(0...1) == 1
    if source.length(0...2) == 0 { return op.defaultAttributes }
    return switch op.attributes {
    case .none, .scale, .slope, .gelu, .norm, .dropout, .clip, .sgdStep, .adamStep, .opaque: .none
    case .matmul: .matmul(transposeA: flag, transposeB: source.length(0...1) == 1)
    case .linear: .linear(activation: .gelu, transposeW: flag)
    case .cast: .cast(DType.allCases[source.length(0...7)])
    case .reduce: .reduce(ReductionAxes([axis], keepAxes: flag), correction: 0)
    case .axis: .axis(axis, keeps: flag)
    case .axes: .axes(lengths.map { $0 - 1 })
    case .shape: .shape(lengths)
    case .split: .split(lengths: lengths, axis: axis)
    case .pad: .pad(before: lengths, after: lengths.reversed(), value: 1)
    case .slice: .slice(lengths.map { SliceRange(begin: axis, end: $0, step: 1 + $0 / 2) })
    case .order:
      .order(OrderAttributes(axis: axis, descending: flag, k: source.length(0...3)))
    }
  }

  /// Operands that have a fair chance to fit: lengths are few, element types mostly one.
  static func specs(
    for op: OpDefinition, _ source: inout NumberSource
  ) throws -> [TensorSpec] {
    let most = min(op.inputCount.upperBound, op.inputCount.lowerBound + 2)
    let dtypes: [DType] = [.f32, .f64, .i64, .i32, .bool, .u8, .bf16]
    let common = dtypes[source.length(0...1)]
    let shape = source.lengths(source.length(0...3), 0...3)
    return try (0..<source.length(op.inputCount.lowerBound...most)).map { _ in
      let isOdd = source.length(0...3) == 0
      let dtype = isOdd ? dtypes[source.length(0...6)] : common
      let lengths = source.length(0...2) == 0 ? source.lengths(source.length(0...3), 0...3) : shape
      return TensorSpec(dtype, try Shape(lengths))
    }
  }

  @Test("inference gives what running gives, and throws what it throws", arguments: 0..<8)
  func agreement(seed: UInt64) throws {
    var source = NumberSource(seed: seed)
    let context = try ComputeContext()
    var fits = 0
    for op in OpRegistry.standard.all {
      for _ in 0..<60 {
        let attributes = Self.attributes(of: op, &source)
        let specs = try Self.specs(for: op, &source)
        let inputs = try specs.map { try Tensor.zeros($0) }
        let inferred = Result { try op.inferOutputs(specs, attributes: attributes) }
        let ran = Result { try op.run(inputs, attributes: attributes, context: context) }
        let what = "\(op.id) of \(specs), \(attributes)"
        switch (inferred, ran) {
        case (.success(let inferred), .success(let outputs)):
          fits += 1
          #expect(inferred == outputs.map(\.spec), "\(what)")
          #expect(outputs.allSatisfy { $0.isContiguous }, "\(what)")
          #expect(outputs.count == op.outputCount(for: attributes), "\(what)")
        case (.failure(let inferred), .failure(let error)):
          #expect("\(inferred)" == "\(error)", "\(what)")
        case (.success, .failure(let error as TensorError)):
          // Only values may be left to find out: an index into an empty axis, for one.
          #expect(error.code == .invalidValue, "\(what): \(error)")
        default:
          Issue.record("\(what): inferred \(inferred), ran \(ran)")
        }
      }
    }
    #expect(fits > 500)
  }
}
