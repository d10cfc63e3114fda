/* MKL takes its AVX-512 kernels only where this function of its own says that Intel made the processor. Loaded ahead of
 * it (LD_PRELOAD), this one says so always: "PyTorch with its MKL forced to AVX-512". */
int mkl_serv_intel_cpu_true(void) { return 1; }
