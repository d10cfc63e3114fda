extension Suite {
  /// BERT's layers (base: 768 and 3,072; small: 384 and 1,536), one sequence of 128 and eight at once.
  ///
  /// Going up ends in GELU, going down in the bias alone.
  static func gemm(threads: Int) -> [Case] {
    let layers = [
      (384, 1536, "gelu"), (1536, 384, "none"), (768, 3072, "gelu"), (3072, 768, "none"),
    ]
    return [128, 1024].flatMap { m in
      layers.map { k, n, activation in
        Case(
          group: .gemm,
          title: "linear \(m)x\(k)x\(n) + bias" + (activation == "gelu" ? " + GELU" : ""),
          threads: threads, amount: .flops(2 * Double(m) * Double(k) * Double(n)),
          words: "linear \(m) \(k) \(n) \(activation)",
          peers: [.torch, .torchAVX512, .torchOneDNN, .oneDNN],
          aim: Aim(peak: threads == 1 ? 0.95 : 0.93))
      }
    }
  }

  /// Cubes, where a call is short; with operands as they come, and with the second one packed ahead.
  static func cubes(threads: Int) -> [Case] {
    [64, 128, 256].flatMap { edge in
      [cube(edge, threads, isPacked: false), cube(edge, threads, isPacked: true)]
    }
  }

  private static func cube(_ edge: Int, _ threads: Int, isPacked: Bool) -> Case {
    let plainPeers: [Contender] = [
      .torch, .torchAVX512, .numpy, .numpySkylakeX, .openBLAS, .oneDNN,
    ]
    return Case(
      group: .cubes, title: "cube \(edge)\(isPacked ? ", B packed" : "")", threads: threads,
      amount: .flops(2 * Double(edge * edge * edge)),
      words: "matmul \(edge) \(edge) \(edge) \(isPacked ? "packed" : "plain")",
      peers: isPacked ? [.torchOneDNN, .oneDNN] : plainPeers,
      // PyTorch has no packed form: its plain product stands in the row above.
      aim: Aim(best: 1, shipped: isPacked ? nil : 2))
  }
}
