import TensorKernels
import Testing

@Suite struct EmbeddingBagTests {
  /// Bags over a table of 11 features: one empty, one with a repeated index.
  static let indices: [Int32] = [3, 10, 3, 0, 7, 7, 1]
  static let offsets: [Int32] = [0, 3, 3, 6, 7]

  @Test("sums and both gradients equal the reference at odd widths", arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for width in [0, 1, 3, 8, 16, 17, 37, 64, 129, 200] {
      let indices = try GuardedArray(Self.indices)
      let offsets = try GuardedArray(Self.offsets)
      let weights = try GuardedArray(randomFloats(7, seed: 1))
      let table = try GuardedArray(randomFloats(11 * width, seed: 2))
      let dy = try GuardedArray(randomFloats(4 * width, seed: 3))
      var results: [[[Float]]] = []
      for kernels in [try variant.kernels, try KernelVariant.reference.kernels] {
        let bag = kernels.f32.pointee.embedding_bag
        let y = try GuardedArray([Float](repeating: 5, count: 4 * width))
        let dtable = try GuardedArray([Float](repeating: 1, count: 11 * width))
        let dweights = try GuardedArray([Float](repeating: 5, count: 7))
        bag.forward?(4, width, table.start, indices.start, offsets.start, weights.start, y.start)
        bag.backward_table?(
          4, width, dy.start, indices.start, offsets.start, weights.start, dtable.start)
        bag.backward_weights?(
          4, width, dy.start, table.start, indices.start, offsets.start, dweights.start)
        results.append([y.elements, dtable.elements, dweights.elements])
      }
      for (fast, slow) in zip(results[0], results[1]) {
        expectClose(fast, slow, relative: 1e-5, absolute: 1e-5, "width \(width)")
      }
      #expect(results[0][0][width..<2 * width].allSatisfy { $0 == 0 }, "the empty bag is zero")
    }
  }

  @Test("f64 bags, by hand")
  func doubles() throws {
    let bag = try KernelVariant.reference.kernels.f64.pointee.embedding_bag
    let table: [Double] = [1, 2, 3, 4]
    let indices: [Int32] = [1, 0, 1]
    let offsets: [Int32] = [0, 2, 3]
    let weights: [Double] = [2, -1, 0.5]
    var y = [Double](repeating: 9, count: 4)
    bag.forward?(2, 2, table, indices, offsets, weights, &y)
    #expect(y == [5, 6, 1.5, 2])
    var dtable: [Double] = [10, 0, 0, 0]
    bag.backward_table?(2, 2, [1, 2, 4, 8] as [Double], indices, offsets, weights, &dtable)
    #expect(dtable == [9, -2, 4, 8])
    var dweights = [Double](repeating: 9, count: 3)
    bag.backward_weights?(2, 2, [1, 2, 4, 8] as [Double], table, indices, offsets, &dweights)
    #expect(dweights == [11, 5, 44])
  }

  @Test("the check names the first bad offset or index")
  func check() {
    func check(_ indices: [Int32], _ offsets: [Int32]) -> (status: Int, position: Int) {
      var position = -1
      let status = tk_embedding_bag_check(
        11, offsets.count - 1, indices.count, indices, offsets, &position)
      return (Int(status), position)
    }
    #expect(check(Self.indices, Self.offsets).status == TK_BAG_OK)
    #expect(check([], [0]).status == TK_BAG_OK)
    #expect(check([], [0, 0, 0]).status == TK_BAG_OK)
    #expect(check([1], [1, 1]) == (TK_BAG_BAD_OFFSET, 0))
    #expect(check([1, 2, 3], [0, 2, 1, 3]) == (TK_BAG_BAD_OFFSET, 2))
    #expect(check([1, 2, 3], [0, 2]) == (TK_BAG_BAD_OFFSET, 1))
    #expect(check([1, 2], [0, 3]) == (TK_BAG_BAD_OFFSET, 1))
    #expect(check([1, -1], [0, 2]) == (TK_BAG_BAD_INDEX, 1))
    #expect(check([11, 0], [0, 2]) == (TK_BAG_BAD_INDEX, 0))
  }
}
