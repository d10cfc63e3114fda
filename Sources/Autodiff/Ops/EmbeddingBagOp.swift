import TensorCore

extension OpDefinition {
  /// `embedding_bag/1`: a sparse matrix by rows times a dense table.
  static let embeddingBag = OpDefinition(
    name: "embedding_bag", version: 1, inputCount: 4...4,
    summary: "table [features, width], indices i32 [n], offsets i32 [rows + 1], weights [n] "
      + "→ [rows, width]: weighted sums of table rows",
    infer: { inputs, _ in
      [
        try ShapeInference.embeddingBag(
          table: inputs[0], indices: inputs[1], offsets: inputs[2], weights: inputs[3])
      ]
    },
    forward: { call in
      let (table, indices, offsets, weights) = (
        call.inputs[0], call.inputs[1], call.inputs[2], call.inputs[3]
      )
      let entries = BagEntries(indices: indices, offsets: offsets, weights: weights)
      let y = try TensorCore.embeddingBag(table, entries, context: call.context)
      guard call.isRecorded else { return OpResult(y) }
      // Only the gradient of the weights needs the table itself.
      return OpResult(y, saved: [call.needs(3) ? table : nil, indices, offsets, weights])
    },
    vjp: { pullback in
      var gradients = pullback.none
      guard let dy = pullback.outputGradients[0], let indices = pullback.saved[1],
        let offsets = pullback.saved[2], let weights = pullback.saved[3]
      else { return gradients }
      let entries = BagEntries(indices: indices, offsets: offsets, weights: weights)
      if pullback.needs(0) {
        gradients[0] = try embeddingBagTableGradient(
          table: pullback.inputs[0], entries, dy, context: pullback.context)
      }
      if pullback.needs(3), let table = pullback.saved[0] {
        gradients[3] = try embeddingBagWeightGradient(
          table: table, entries, dy, context: pullback.context)
      }
      return gradients
    })
}
