import Contender
import Glibc
import TensorCore

// Cadre as a contender: `Sources/Contender/include/contender.h` says how it is spoken to,
// `Cases.swift` what it does.

ComputePool.configure(
  threads: Int(contender_threads(CommandLine.argc, CommandLine.unsafeArgv)))
let instructionSet = try InstructionSet.processDefault.get()
// CADRE_ISA makes another contender of the same program.
let isBest = getenv("CADRE_ISA") == nil

exit(
  contender_main(
    CommandLine.argc, CommandLine.unsafeArgv,
    isBest ? "cadre" : "cadre-\(instructionSet.name)", "Cadre, \(instructionSet.name)",
    { _, words, threads, out, reason in
      prepareCase(words, threads: Int(threads), out: out, reason: reason)
    }, nil))
