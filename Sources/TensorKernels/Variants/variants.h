/* The tables that isa.c chooses from; each is defined in the file of its name. */
#ifndef TK_VARIANTS_H
#define TK_VARIANTS_H

#include "../include/TensorKernels.h"

extern const tk_kernels tk_kernels_reference;
extern const tk_kernels tk_kernels_portable;
#if defined(__x86_64__)
extern const tk_kernels tk_kernels_avx2;
extern const tk_kernels tk_kernels_avx512;
#endif

/* Types without SIMD sources of their own: reference.c, one table for all variants. */
extern const tk_element_kernels tk_elements_f64;
extern const tk_element_kernels tk_elements_i32;
extern const tk_element_kernels tk_elements_i64;
extern const tk_element_kernels tk_elements_u8;

#endif
