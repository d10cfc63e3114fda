extension Suite {
  /// What an operation costs beside its arithmetic, result's memory and its release included.
  static var small: [Case] {
    [
      Case(
        group: .small, title: "add of 16 elements, op table", threads: 1, amount: .call,
        words: "binary add 16", ownWords: "small_add 16", peers: [.torch, .numpy],
        aim: Aim(seconds: 100e-9))
    ]
  }

  /// A whole training step as an agent in C makes it: 784-512-256-10, batch 128.
  ///
  /// Operations: every weight once forward and once for its own gradient, all but the first layer's once
  /// more for the gradient of the layer's input.
  static var training: [Case] {
    let weights = 784 * 512 + 512 * 256 + 256 * 10
    let flops = 2.0 * 128 * Double(3 * weights - 784 * 512)
    return [("sgd", "SGD", 2.1), ("adam", "fused Adam", 2.0)].map { name, title, factor in
      Case(
        group: .training, title: "MLP training step, \(title)", threads: 1, amount: .flops(flops),
        words: "mlp \(name)", peers: [.torch, .torchAVX512, .cadrePortable],
        aim: Aim(shipped: factor, forced: 1.05), isRate: true)
    }
  }
}
