import TensorKernels
import Testing

@Suite struct InstructionSetChoiceTests {
  @Test("names resolve to sets that this machine can run")
  func names() throws {
    for variant in KernelVariant.fast + [.reference] {
      var isa: Int32 = -1
      #expect(tk_isa_resolve(variant.testDescription, &isa) == TK_ISA_OK)
      #expect(isa == variant.isa)
      let chosen = try variant.kernels.isa
      #expect(chosen == variant.isa)
    }
  }

  @Test("without a name the best is taken")
  func best() {
    var isa: Int32 = -1
    #expect(tk_isa_resolve(nil, &isa) == TK_ISA_OK)
    #expect(isa == KernelVariant.fast.last?.isa)
    #expect(tk_isa_resolve("", &isa) == TK_ISA_OK)
  }

  @Test("an unknown name is reported and nothing is chosen")
  func unknown() {
    var isa: Int32 = -1
    #expect(tk_isa_resolve("avx1024", &isa) == TK_ISA_UNKNOWN)
    #expect(tk_isa_resolve("AVX2", &isa) == TK_ISA_UNKNOWN)
    #expect(isa == -1)
    #expect(tk_kernels_of(99) == nil)
    #expect(tk_kernels_of(-1) == nil)
  }
}
