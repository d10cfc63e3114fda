import Glibc
import TensorKernels

/// The instruction sets that kernels are compiled for.
public enum InstructionSet: Int32, Sendable, Hashable, CaseIterable {
  /// The readable scalar code in C that every other variant is tested against.
  case reference = 0
  /// What every machine of this architecture has (SSE2 on x86-64).
  case portable = 1
  /// AVX2 with FMA.
  case avx2 = 2
  /// AVX-512 F, BW, DQ and VL.
  case avx512 = 3

  /// The name as `CADRE_ISA` spells it.
  public var name: String { String(cString: tk_isa_name(rawValue)) }

  /// Whether this machine can run it.
  public var isSupported: Bool { tk_kernels_of(rawValue) != nil }

  /// The best set of this machine, or the one that `CADRE_ISA` names; read once.
  ///
  /// A failure holds the error to show to the user: it never ends the process.
  public static let processDefault: Result<InstructionSet, TensorError> = resolve(
    getenv("CADRE_ISA").map { String(cString: $0) })

  /// Chooses an instruction set by name.
  ///
  /// - Parameter name: `portable`, `avx2`, `avx512` or `reference`; nil or empty takes the best.
  public static func resolve(_ name: String?) -> Result<InstructionSet, TensorError> {
    var isa: Int32 = 0
    let status = (name ?? "").withCString { tk_isa_resolve($0, &isa) }
    if status == TK_ISA_OK, let set = InstructionSet(rawValue: isa) { return .success(set) }
    let runnable = allCases.filter(\.isSupported).map(\.name).joined(separator: ", ")
    let reason =
      status == TK_ISA_UNSUPPORTED
      ? "this machine cannot run '\(name ?? "")'" : "'\(name ?? "")' is no instruction set"
    return .failure(
      TensorError(
        .unsupportedInstructionSet, op: "CADRE_ISA",
        rule: "\(reason); unset CADRE_ISA or set it to one of: \(runnable)"))
  }

  func kernels() throws(TensorError) -> UnsafePointer<tk_kernels> {
    guard let table = tk_kernels_of(rawValue) else {
      throw TensorError(
        .unsupportedInstructionSet, op: "context", rule: "this machine cannot run '\(name)'")
    }
    return table
  }
}
