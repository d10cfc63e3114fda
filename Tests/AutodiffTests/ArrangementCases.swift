import Autodiff
import TensorCore

/// Cases of operations that choose, join and move elements.
enum ArrangementCases {
  static func all(seed: UInt64) throws -> [GradientCase] {
    var source = NumberSource(seed: seed)
    return try indexing(&source) + bags(&source) + joining(&source) + shapes(&source)
      + order(&source)
  }

  private static func indexing(_ source: inout NumberSource) throws -> [GradientCase] {
    var cases: [GradientCase] = []
    for (row, shape) in [([3], [2, 3]), ([], [4]), ([2, 2], []), ([3], [0])] {
      let features = source.length(2...5)
      let values = source.indices(shape, below: features)
      let indices =
        seedIsEven(values)
        ? try Tensor(values, shape) : try Tensor(values.map { Int32($0) }, shape)
      cases.append(
        GradientCase(
          op: "embedding/1", note: "\([features] + row) \(indices)",
          inputs: [source.variable([features] + row), .constant(indices)]))
    }
    for axis in [0, 1, -1] {
      let shape = source.lengths(3, 2...4)
      var picked = shape
      picked[axis < 0 ? axis + 3 : axis] = source.length(1...5)
      let limit = shape[axis < 0 ? axis + 3 : axis]
      let indices = try Tensor(source.indices(picked, below: limit), picked)
      cases.append(
        GradientCase(
          op: "gather/1", note: "axis \(axis)", attributes: .axis(axis, keeps: false),
          inputs: [source.variable(shape), .constant(indices)]))
      cases.append(
        GradientCase(
          op: "scatter_add/1", note: "axis \(axis)", attributes: .axis(axis, keeps: false),
          inputs: [source.variable(shape), .constant(indices), source.variable(picked)]))
    }
    return cases
  }

  private static func seedIsEven(_ values: [Int64]) -> Bool { values.reduce(0, +) % 2 == 0 }

  /// With empty bags and repeats.
  private static func bags(_ source: inout NumberSource) throws -> [GradientCase] {
    let (features, width, rows) = (source.length(), source.length(), source.length())
    var offsets: [Int32] = [0]
    for _ in 0..<rows {
      offsets.append(offsets[offsets.count - 1] + Int32(source.length(0...3)))
    }
    let count = Int(offsets[rows])
    let indices = source.indices([count], below: features).map { Int32($0) }
    let finalOffsets = offsets
    return [
      GradientCase(
        op: "embedding_bag/1",
        inputs: [
          source.variable([features, width]), .constant(try Tensor(indices)),
          .constant(try Tensor(offsets)), source.variable([count]),
        ],
        formula: {
          GradientFormulas.embeddingBag(
            $0[0], width: width, indices: indices, offsets: finalOffsets, weights: $0[1])
        })
    ]
  }

  private static func joining(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for axis in [0, 1, 2, -1, -3] {
      let shape = source.lengths(3)
      let parts = (0..<3).map { _ in
        var part = shape
        part[axis < 0 ? axis + 3 : axis] = source.length(0...3)
        return source.variable(part)
      }
      cases.append(
        GradientCase(
          op: "concat/1", note: "axis \(axis)", attributes: .axis(axis, keeps: false),
          inputs: parts))
      cases.append(
        GradientCase(
          op: "stack/1", note: "axis \(axis)", attributes: .axis(axis, keeps: false),
          inputs: (0..<3).map { _ in source.variable(shape) }))
      var whole = shape
      whole[axis < 0 ? axis + 3 : axis] = 5
      cases.append(
        GradientCase(
          op: "split/1", note: "axis \(axis)", attributes: .split(lengths: [2, 0, 3], axis: axis),
          inputs: [source.variable(whole)]))
    }
    let rows = source.length()
    let widths = source.lengths(3)
    cases.append(
      GradientCase(
        op: "concat/1", note: "\(widths)", inputs: widths.map { source.variable([rows, $0]) }
      ) { x in
        (0..<rows).flatMap { row in
          zip(x, widths).flatMap { values, width in values[row * width..<(row + 1) * width] }
        }
      })
    return cases
  }

  private static func shapes(_ source: inout NumberSource) -> [GradientCase] {
    let shape = source.lengths(3, 2...4)
    let (a, b, c) = (shape[0], shape[1], shape[2])
    let x = source.variable(shape)
    let rows: [(String, OpAttributes)] = [
      ("reshape/1", .shape([c, -1])), ("reshape/1", .shape([b, a * c, 1])),
      ("transpose/1", .none), ("transpose/1", .axes([1, -1, 0])),
      ("transpose/1", .axes([0, 2, 1])),
      ("flip/1", .none), ("flip/1", .axes([0, -1])), ("flip/1", .axes([])),
      ("pad/1", .pad(before: [0, 1, 2], after: [1, 0, 3], value: 0.5)),
      ("slice/1", .none),
      ("slice/1", .slice([SliceRange(begin: 1), SliceRange(step: 2)])),
      ("slice/1", .slice([SliceRange(begin: -1), SliceRange(0..<0)])),
      (
        "slice/1",
        .slice([SliceRange(), SliceRange(end: -1), SliceRange(begin: 0, end: 99, step: 3)])
      ),
    ]
    let moved = rows.map { op, attributes in
      GradientCase(op: op, note: "\(attributes)", attributes: attributes, inputs: [x])
    }
    let widened = [
      ([b], [a, b]), ([a, 1], [c, a, b]), ([], [a]), ([1, 1], [1, b]), ([a], [a]),
    ]
    return moved
      + widened.map { from, to in
        GradientCase(
          op: "broadcast/1", note: "\(from) to \(to)", attributes: .shape(to),
          inputs: [source.variable(from)])
      }
  }

  private static func order(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for axis in [-1, 0, 1] {
      for flag in [false, true] {
        cases.append(
          GradientCase(
            op: "sort/1", note: "axis \(axis) \(flag)",
            attributes: .order(OrderAttributes(axis: axis, descending: flag)),
            inputs: [source.variable(source.lengths(3, 1...5))]))
        cases.append(
          GradientCase(
            op: "top_k/1", note: "axis \(axis) \(flag)",
            attributes: .order(OrderAttributes(axis: axis, k: 2, smallest: flag)),
            inputs: [source.variable(source.lengths(3, 2...5))]))
      }
    }
    return cases
  }
}
