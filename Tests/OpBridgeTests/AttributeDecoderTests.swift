import Autodiff
import CadreABI
import TensorCore
import Testing

@testable import OpBridge

/// Attribute structs cut at every field: what is missing has the operation's own default.
@Suite struct AttributeDecoderTests {
  /// One struct, and what it means when it ends after each field.
  struct Case: CustomTestStringConvertible {
    let op: String
    let bytes: [UInt8]
    let steps: [(end: Int, expected: OpAttributes)]
    var testDescription: String { op }

    init<Struct: BitwiseCopyable>(
      _ op: String, _ value: Struct, _ steps: [(end: Int, expected: OpAttributes)]
    ) {
      self.op = op
      bytes = withUnsafeBytes(of: value) { Array($0) }
      self.steps = steps
    }
  }

  /// Arrays that live as long as the tests.
  private nonisolated(unsafe) static let numbers: UnsafePointer<Int64> = {
    let pointer = UnsafeMutablePointer<Int64>.allocate(capacity: 8)
    for index in 0..<8 { pointer[index] = Int64([1, -1, 2, 0, 3, 1, 1, 1][index]) }
    return UnsafePointer(pointer)
  }()

  private static func adam(_ change: (inout AdamRule) -> Void) -> OpAttributes {
    var rule = AdamRule(step: 1)
    change(&rule)
    return .adamStep(rule)
  }

  private static func sgd(_ change: (inout SGDRule) -> Void) throws -> OpAttributes {
    guard case .sgdStep(var rule) = try OpRegistry.standard.find("sgd_step/1").defaultAttributes
    else { return .none }
    change(&rule)
    return .sgdStep(rule)
  }

  static let numberCases: [Case] = [
    Case(
      "matmul", cadre_attr_matmul(size: 0, transpose_a: 1, transpose_b: 7),
      [
        (CADRE_END_cadre_attr_matmul_size, .matmul(transposeA: false, transposeB: false)),
        (CADRE_END_cadre_attr_matmul_transpose_a, .matmul(transposeA: true, transposeB: false)),
        (CADRE_END_cadre_attr_matmul_transpose_b, .matmul(transposeA: true, transposeB: true)),
      ]),
    Case(
      "linear", cadre_attr_linear(size: 0, activation: 5, transpose_w: 1),
      [
        (CADRE_END_cadre_attr_linear_size, .linear(activation: .identity, transposeW: false)),
        (CADRE_END_cadre_attr_linear_activation, .linear(activation: .geluTanh, transposeW: false)),
        (CADRE_END_cadre_attr_linear_transpose_w, .linear(activation: .geluTanh, transposeW: true)),
      ]),
    Case(
      "scale", cadre_attr_scale(size: 0, reserved: 9, factor: -2.5),
      [
        (CADRE_END_cadre_attr_scale_size, .scale(1)),
        (CADRE_END_cadre_attr_scale_reserved, .scale(1)),
        (CADRE_END_cadre_attr_scale_factor, .scale(-2.5)),
      ]),
    Case(
      "leaky_relu", cadre_attr_slope(size: 0, reserved: 9, alpha: 0.25),
      [
        (CADRE_END_cadre_attr_slope_reserved, .slope(alpha: 0.01)),
        (CADRE_END_cadre_attr_slope_alpha, .slope(alpha: 0.25)),
      ]),
    Case(
      "elu", cadre_attr_slope(size: 0, reserved: 9, alpha: 0.25),
      [
        (CADRE_END_cadre_attr_slope_size, .slope(alpha: 1)),
        (CADRE_END_cadre_attr_slope_alpha, .slope(alpha: 0.25)),
      ]),
    Case(
      "gelu", cadre_attr_gelu(size: 0, approximate: 2),
      [
        (CADRE_END_cadre_attr_gelu_size, .gelu(approximate: false)),
        (CADRE_END_cadre_attr_gelu_approximate, .gelu(approximate: true)),
      ]),
    Case(
      "cast", cadre_attr_cast(size: 0, dtype: UInt32(CADRE_I64)),
      [
        (CADRE_END_cadre_attr_cast_size, .cast(.f32)),
        (CADRE_END_cadre_attr_cast_dtype, .cast(.i64)),
      ]),
    Case(
      "layer_norm", cadre_attr_norm(size: 0, reserved: 9, epsilon: 0.5),
      [
        (CADRE_END_cadre_attr_norm_reserved, .norm(epsilon: 1e-5)),
        (CADRE_END_cadre_attr_norm_epsilon, .norm(epsilon: 0.5)),
      ]),
    Case(
      "dropout", cadre_attr_dropout(size: 0, reserved: 9, rate: 0.5),
      [
        (CADRE_END_cadre_attr_dropout_reserved, .dropout(0)),
        (CADRE_END_cadre_attr_dropout_rate, .dropout(0.5)),
      ]),
    Case(
      "clip_norm", cadre_attr_clip(size: 0, reserved: 9, maximum_norm: 3),
      [
        (CADRE_END_cadre_attr_clip_reserved, .clip(maximumNorm: 1)),
        (CADRE_END_cadre_attr_clip_maximum_norm, .clip(maximumNorm: 3)),
      ]),
    Case(
      "top_k", cadre_attr_order(size: 0, descending: 1, axis: 2, k: 5, smallest: 1),
      [
        (CADRE_END_cadre_attr_order_size, .order(OrderAttributes())),
        (CADRE_END_cadre_attr_order_descending, .order(OrderAttributes(descending: true))),
        (CADRE_END_cadre_attr_order_axis, .order(OrderAttributes(axis: 2, descending: true))),
        (CADRE_END_cadre_attr_order_k, .order(OrderAttributes(axis: 2, descending: true, k: 5))),
        (
          CADRE_END_cadre_attr_order_smallest,
          .order(OrderAttributes(axis: 2, descending: true, k: 5, smallest: true))
        ),
      ]),
    Case(
      "softmax", cadre_attr_axis(size: 0, keep_axis: 1, axis: 0),
      [
        (CADRE_END_cadre_attr_axis_size, .axis(-1, keeps: false)),
        (CADRE_END_cadre_attr_axis_keep_axis, .axis(-1, keeps: true)),
        (CADRE_END_cadre_attr_axis_axis, .axis(0, keeps: true)),
      ]),
    Case(
      "stack", cadre_attr_axis(size: 0, keep_axis: 0, axis: 1),
      [
        (CADRE_END_cadre_attr_axis_keep_axis, .axis(0, keeps: false)),
        (CADRE_END_cadre_attr_axis_axis, .axis(1, keeps: false)),
      ]),
  ]

  static let arrayCases: [Case] = [
    Case(
      "variance",
      cadre_attr_reduce(size: 0, keep_axes: 1, axes: numbers, axis_count: 2, correction: 1),
      [
        (CADRE_END_cadre_attr_reduce_size, .reduce(ReductionAxes(), correction: 0)),
        (
          CADRE_END_cadre_attr_reduce_keep_axes,
          .reduce(ReductionAxes(keepAxes: true), correction: 0)
        ),
        (CADRE_END_cadre_attr_reduce_axes, .reduce(ReductionAxes(keepAxes: true), correction: 0)),
        (
          CADRE_END_cadre_attr_reduce_axis_count,
          .reduce(ReductionAxes([1, -1], keepAxes: true), correction: 0)
        ),
        (
          CADRE_END_cadre_attr_reduce_correction,
          .reduce(ReductionAxes([1, -1], keepAxes: true), correction: 1)
        ),
      ]),
    Case(
      "transpose", cadre_attr_axes(size: 0, reserved: 9, axes: numbers, axis_count: 1),
      [
        (CADRE_END_cadre_attr_axes_reserved, .axes(nil)),
        (CADRE_END_cadre_attr_axes_axes, .axes(nil)),
        (CADRE_END_cadre_attr_axes_axis_count, .axes([1])),
      ]),
    Case(
      "flip", cadre_attr_axes(size: 0, reserved: 9, axes: numbers, axis_count: 0),
      [
        (CADRE_END_cadre_attr_axes_axes, .axes(nil)),
        (CADRE_END_cadre_attr_axes_axis_count, .axes([])),
      ]),
    Case(
      "reshape", cadre_attr_shape(size: 0, reserved: 9, lengths: numbers, rank: 3),
      [
        (CADRE_END_cadre_attr_shape_size, .shape([])),
        (CADRE_END_cadre_attr_shape_lengths, .shape([])),
        (CADRE_END_cadre_attr_shape_rank, .shape([1, -1, 2])),
      ]),
    Case(
      "split", cadre_attr_split(size: 0, reserved: 9, axis: -1, lengths: numbers, count: 1),
      [
        (CADRE_END_cadre_attr_split_reserved, .split(lengths: [], axis: 0)),
        (CADRE_END_cadre_attr_split_axis, .split(lengths: [], axis: -1)),
        (CADRE_END_cadre_attr_split_lengths, .split(lengths: [], axis: -1)),
        (CADRE_END_cadre_attr_split_count, .split(lengths: [1], axis: -1)),
      ]),
    Case(
      "pad",
      cadre_attr_pad(
        size: 0, reserved: 9, before: numbers + 2, after: numbers + 4, rank: 2, value: 7),
      [
        (CADRE_END_cadre_attr_pad_before, .pad(before: [], after: [], value: 0)),
        (CADRE_END_cadre_attr_pad_after, .pad(before: [], after: [], value: 0)),
        (CADRE_END_cadre_attr_pad_rank, .pad(before: [2, 0], after: [3, 1], value: 0)),
        (CADRE_END_cadre_attr_pad_value, .pad(before: [2, 0], after: [3, 1], value: 7)),
      ]),
    Case(
      "slice",
      cadre_attr_slice(
        size: 0, reserved: 9, begins: numbers, ends: numbers + 4, steps: nil, rank: 2),
      [
        (CADRE_END_cadre_attr_slice_begins, .slice([])),
        (CADRE_END_cadre_attr_slice_steps, .slice([])),
        (
          CADRE_END_cadre_attr_slice_rank,
          .slice([SliceRange(begin: 1, end: 3), SliceRange(begin: -1, end: 1)])
        ),
      ]),
  ]

  private static func stepCases() throws -> [Case] {
    [
      Case(
        "sgd_step",
        cadre_attr_sgd(size: 0, reserved: 9, learning_rate: 2, momentum: 0.5, weight_decay: 0.25),
        [
          (CADRE_END_cadre_attr_sgd_reserved, try sgd { _ in }),
          (CADRE_END_cadre_attr_sgd_learning_rate, try sgd { $0.learningRate = 2 }),
          (
            CADRE_END_cadre_attr_sgd_momentum, try sgd { ($0.learningRate, $0.momentum) = (2, 0.5) }
          ),
          (
            CADRE_END_cadre_attr_sgd_weight_decay,
            try sgd { ($0.learningRate, $0.momentum, $0.weightDecay) = (2, 0.5, 0.25) }
          ),
        ]),
      Case(
        "adam_step",
        cadre_attr_adam(
          size: 0, reserved: 9, learning_rate: 2, beta1: 0.5, beta2: 0.25, epsilon: 4,
          weight_decay: 8, step: 16),
        [
          (CADRE_END_cadre_attr_adam_reserved, adam { _ in }),
          (CADRE_END_cadre_attr_adam_learning_rate, adam { $0.learningRate = 2 }),
          (CADRE_END_cadre_attr_adam_beta1, adam { ($0.learningRate, $0.beta1) = (2, 0.5) }),
          (
            CADRE_END_cadre_attr_adam_beta2,
            adam { ($0.learningRate, $0.beta1, $0.beta2) = (2, 0.5, 0.25) }
          ),
          (
            CADRE_END_cadre_attr_adam_epsilon,
            adam { ($0.learningRate, $0.beta1, $0.beta2, $0.epsilon) = (2, 0.5, 0.25, 4) }
          ),
          (
            CADRE_END_cadre_attr_adam_weight_decay,
            adam {
              ($0.learningRate, $0.beta1, $0.beta2, $0.epsilon) = (2, 0.5, 0.25, 4)
              $0.weightDecay = 8
            }
          ),
          (
            CADRE_END_cadre_attr_adam_step,
            adam {
              ($0.learningRate, $0.beta1, $0.beta2, $0.epsilon) = (2, 0.5, 0.25, 4)
              ($0.weightDecay, $0.step) = (8, 16)
            }
          ),
        ]),
    ]
  }

  /// Decodes a struct that ends after `end`; what lies behind is poison.
  private func decode(_ op: String, _ bytes: [UInt8], end: Int) throws -> OpAttributes {
    let definition = try OpRegistry.standard.find("\(op)/1")
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    defer { copy.deallocate() }
    for index in bytes.indices { copy[index] = index < end ? bytes[index] : 0xA5 }
    copy.storeBytes(of: UInt32(end), as: UInt32.self)
    return try AttributeDecoder.decode(UnsafeRawPointer(copy.baseAddress), for: definition)
  }

  @Test(
    "a struct that ends early has the operation's defaults for the rest",
    arguments: numberCases + arrayCases)
  func truncated(_ test: Case) throws {
    for (end, expected) in test.steps {
      #expect(try decode(test.op, test.bytes, end: end) == expected, "\(test.op) at \(end)")
    }
  }

  @Test("the steps' structs, too")
  func truncatedSteps() throws {
    for test in try Self.stepCases() { try truncated(test) }
  }

  @Test("every kind of attributes is in these tests")
  func complete() throws {
    var seen = Set(
      try Self.stepCases().map(\.op) + Self.numberCases.map(\.op) + Self.arrayCases.map(\.op))
    seen = try Set(seen.map { try OpRegistry.standard.find("\($0)/1").attributes.rawValue })
    let all = OpRegistry.standard.all.map(\.attributes.rawValue)
    #expect(Set(all).subtracting(seen) == ["none"])
  }

  @Test("a struct longer than this host knows is read as far as it knows")
  func newer() throws {
    let scale = cadre_attr_scale(size: 0, reserved: 0, factor: 3)
    let bytes = withUnsafeBytes(of: scale) { Array($0) } + [UInt8](repeating: 0xA5, count: 64)
    #expect(try decode("scale", bytes, end: bytes.count) == .scale(3))
  }

  @Test("NULL is all defaults, a size below four an error")
  func extremes() throws {
    for op in OpRegistry.standard.all {
      #expect(try AttributeDecoder.decode(nil, for: op) == .none)
      guard op.attributes != .none else { continue }
      #expect(throws: BridgeError.self) { try decode(op.name, [0, 0, 0, 0, 0, 0, 0, 0], end: 3) }
    }
  }

  @Test("counts and numbers that cannot be are refused")
  func refused() throws {
    func expectRefusal<Struct: BitwiseCopyable>(_ op: String, _ value: Struct, _ end: Int) {
      let bytes = withUnsafeBytes(of: value) { Array($0) }
      let error = #expect(throws: BridgeError.self) { try decode(op, bytes, end: end) }
      #expect(error?.boundaryCode == UInt32(CADRE_INVALID_ARGUMENT))
      #expect(error?.boundaryPlace == "\(op)/1")
    }
    let numbers = Self.numbers
    expectRefusal(
      "sum", cadre_attr_reduce(size: 0, keep_axes: 0, axes: numbers, axis_count: 9, correction: 0),
      CADRE_END_cadre_attr_reduce_correction)
    expectRefusal(
      "flip", cadre_attr_axes(size: 0, reserved: 0, axes: numbers, axis_count: .max),
      CADRE_END_cadre_attr_axes_axis_count)
    expectRefusal(
      "split", cadre_attr_split(size: 0, reserved: 0, axis: 0, lengths: numbers, count: 4097),
      CADRE_END_cadre_attr_split_count)
    expectRefusal(
      "broadcast", cadre_attr_shape(size: 0, reserved: 0, lengths: nil, rank: 2),
      CADRE_END_cadre_attr_shape_rank)
    expectRefusal(
      "linear", cadre_attr_linear(size: 0, activation: 99, transpose_w: 0),
      CADRE_END_cadre_attr_linear_transpose_w)
    expectRefusal("cast", cadre_attr_cast(size: 0, dtype: 99), CADRE_END_cadre_attr_cast_dtype)
    expectRefusal(
      "top_k", cadre_attr_order(size: 0, descending: 0, axis: 0, k: .max, smallest: 0),
      CADRE_END_cadre_attr_order_k)
    expectRefusal(
      "adam_step",
      cadre_attr_adam(
        size: 0, reserved: 0, learning_rate: 1, beta1: 0, beta2: 0, epsilon: 1, weight_decay: 0,
        step: .max), CADRE_END_cadre_attr_adam_step)
  }

  @Test("one side of a padding alone pads that side; a range without begins begins at 0")
  func halves() throws {
    let after = cadre_attr_pad(
      size: 0, reserved: 0, before: nil, after: Self.numbers, rank: 1, value: 0)
    let padded = try decode(
      "pad", withUnsafeBytes(of: after) { Array($0) }, end: CADRE_END_cadre_attr_pad_value)
    #expect(padded == .pad(before: [0], after: [1], value: 0))
    let steps = cadre_attr_slice(
      size: 0, reserved: 0, begins: nil, ends: nil, steps: Self.numbers + 2, rank: 1)
    let sliced = try decode(
      "slice", withUnsafeBytes(of: steps) { Array($0) }, end: CADRE_END_cadre_attr_slice_rank)
    #expect(sliced == .slice([SliceRange(step: 2)]))
  }
}
