/// All cases, in the order of the table.
enum Suite {
  static var cases: [Case] {
    [1, 2].flatMap(gemm) + [1, 2].flatMap(cubes) + [1, 2].flatMap(elementwise)
      + [1, 2].flatMap(streams) + small + training
  }
}
