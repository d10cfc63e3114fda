import Foundation

/// Who is timed: a program, its arguments and its environment.
enum Contender: String, CaseIterable {
  case cadre
  /// The same program with other kernels, to show what those are worth; no peer.
  case cadrePortable = "cadre-portable"
  /// A second process, so that the first keeps its case.
  case cadreHot = "cadre-hot"
  case peak, copyPlain = "copy-plain", copyStream = "copy-stream", read
  case torch
  case torchAVX512 = "torch-avx512"
  case torchOneDNN = "torch-onednn"
  case numpy
  case numpySkylakeX = "numpy-skylakex"
  case openBLAS = "openblas"
  case oneDNN = "onednn"

  /// Whether "the best peer" may be this one.
  var isPeer: Bool {
    switch self {
    case .cadre, .cadrePortable, .cadreHot, .peak, .copyPlain, .copyStream, .read: false
    default: true
    }
  }

  /// The `.missing` file that says why there is none: `Peers/prepare.sh` writes it.
  private var package: String {
    switch self {
    case .torch, .torchOneDNN: "torch"
    case .numpySkylakeX: "numpy"
    default: rawValue
    }
  }

  /// Why it cannot be had, or nil.
  func missing(in folders: Folders) -> String? {
    for name in self == .torchAVX512 ? ["torch", package] : [package] {
      let file = folders.peers.appending(path: "\(name).missing")
      if let reason = try? String(contentsOf: file, encoding: .utf8) {
        return reason.trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
    let program = command(in: folders).first ?? ""
    return FileManager.default.isExecutableFile(atPath: program) ? nil : "there is no \(program)"
  }

  /// The program and its arguments, less the number of threads.
  func command(in folders: Folders) -> [String] {
    func script(_ name: String) -> [String] {
      [
        folders.peers.appending(path: "python").path,
        folders.scripts.appending(path: "\(name).py").path,
      ]
    }
    switch self {
    case .cadre, .cadrePortable, .cadreHot:
      return [folders.products.appending(path: "cadre-contender").path]
    case .peak, .copyPlain, .copyStream, .read:
      return [folders.products.appending(path: "machine-limits").path]
    case .torch, .torchAVX512: return script("torch_peer")
    case .torchOneDNN: return script("torch_peer") + ["--onednn"]
    case .numpy, .numpySkylakeX: return script("numpy_peer")
    case .openBLAS: return [folders.peers.appending(path: "openblas_peer").path]
    case .oneDNN: return [folders.peers.appending(path: "onednn_peer").path]
    }
  }

  /// The caller's environment without what steers such libraries, plus what makes this contender.
  func environment(threads: Int, in folders: Folders) -> [String: String] {
    let steering = ["OPENBLAS_", "MKL_", "OMP_", "GOMP_", "KMP_", "DNNL_", "ONEDNN_", "CADRE_ISA"]
    var result = ProcessInfo.processInfo.environment.filter { name, _ in
      !steering.contains { name.hasPrefix($0) }
    }
    for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
      result[name] = String(threads)
    }
    switch self {
    case .cadrePortable: result["CADRE_ISA"] = "portable"
    case .torchAVX512: result["LD_PRELOAD"] = folders.peers.appending(path: "intel_cpu.so").path
    case .numpySkylakeX: result["OPENBLAS_CORETYPE"] = "SkylakeX"
    default: break
    }
    return result
  }
}

/// Where things lie.
struct Folders {
  /// The programs of this package.
  let products: URL
  /// What `Peers/prepare.sh` made.
  let peers: URL
  /// `Benchmarks/Peers`.
  let scripts: URL
}
