/// One operand of a product: where its elements stand.
///
/// Transposing is swapping two numbers.
struct MatrixOperand {
  var tensor: Tensor
  var rows, columns: Int
  let rowStep, columnStep: Int
  private let isTransposed: Bool
  /// From one matrix of a batch to the next; 0 for one that is shared.
  var batchStep = 0

  /// The last two axes of a tensor.
  init(_ x: Tensor, transposed: Bool) {
    let (row, column) = (x.shape.rank - 2, x.shape.rank - 1)
    tensor = x
    rows = x.shape[transposed ? column : row]
    columns = x.shape[transposed ? row : column]
    rowStep = x.strides[transposed ? column : row]
    columnStep = x.strides[transposed ? row : column]
    isTransposed = transposed
  }

  /// A dense tensor as one matrix of all its rows.
  init(rowsOf x: Tensor) {
    tensor = x
    rows = x.shape.rows
    columns = x.shape.columns
    rowStep = x.shape.columns
    columnStep = 1
    isTransposed = false
  }

  /// The same operand for a batch, its leading axes broadcast to those of the result.
  ///
  /// The kernel takes one step for all matrices; leading axes that do not follow each other evenly
  /// are copied.
  func batched(
    _ x: Tensor, batchRank: Int, shape: Shape, context: ComputeContext
  ) throws(TensorError) -> MatrixOperand {
    let matrix = [x.shape[x.shape.rank - 2], x.shape[x.shape.rank - 1]]
    let wanted = try Shape(Array(shape.dimensions.prefix(batchRank)) + matrix, op: "matmul")
    let wide = try x.broadcast(to: wanted, op: "matmul")
    if let step = wide.evenStep(axes: batchRank) {
      var operand = self
      operand.tensor = wide
      operand.batchStep = step
      return operand
    }
    let dense = try wide.contiguous(account: context.memory)
    var operand = MatrixOperand(dense, transposed: isTransposed)
    operand.batchStep = dense.strides[batchRank - 1]
    return operand
  }
}

extension Tensor {
  /// The one step by which the positions of the leading axes follow each other, where there is one.
  fileprivate func evenStep(axes: Int) -> Int? {
    var step: Int?
    for axis in stride(from: axes - 1, through: 0, by: -1) where shape[axis] != 1 {
      if let inner = step {
        // Steps of a tensor without elements may be anything.
        let (even, overflow) = inner.multipliedReportingOverflow(
          by: shape.product(axis + 1..<axes))
        guard !overflow, strides[axis] == even else { return nil }
      } else {
        step = strides[axis]
      }
    }
    return step ?? 0
  }
}
