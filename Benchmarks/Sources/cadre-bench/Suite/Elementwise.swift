extension Suite {
  /// Arithmetic and memory together; which of the two bounds is measured, with operands in the first
  /// cache.
  static func elementwise(threads: Int) -> [Case] {
    let million = 1 << 20
    let unary = [
      ("gelu", "GELU erf", 1.9), ("gelu_tanh", "GELU tanh", 5.0), ("exp", "exp", 4.5),
      ("tanh", "tanh", 10.0),
    ]
    let rows = [
      row(
        "softmax [4096, 512]", "softmax 4096 512", elements: 4096 * 512, threads, 2.4,
        hot: ("hot softmax 4 512", 1024)),
      row(
        "layer norm [4096, 768]", "layer_norm 4096 768", elements: 4096 * 768, threads, 1.6,
        hot: ("hot layer_norm 4 768", 1024)),
    ]
    return rows
      + unary.map { name, title, factor in
        row(
          "\(title), 4 M elements", "unary \(name) \(4 * million)", elements: 4 * million, threads,
          factor, hot: ("hot unary \(name) 2048", 2048))
      }
  }

  private static func row(
    _ title: String, _ words: String, elements: Int, _ threads: Int, _ factor: Double,
    hot: (String, Double)
  ) -> Case {
    Case(
      group: .elementwise, title: title, threads: threads, amount: .bytes(8 * elements),
      words: words, peers: [.torch, .torchAVX512, .numpy],
      aim: Aim(copy: 0.8, copyWhereBound: true, shipped: factor),
      // Threads share the arithmetic.
      hot: (hot.0, hot.1 / Double(threads)))
  }
}
