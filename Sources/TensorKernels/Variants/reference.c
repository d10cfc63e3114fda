/* The reference: plain loops, one formula a line. Each file of Reference/ is a template that is
 * included once an element type; see types.h there. */
#include "variants.h"

#define TK_TYPE_F32
#include "../Reference/real.h"
#undef TK_TYPE_F32

#define TK_TYPE_F64
#include "../Reference/real.h"
#undef TK_TYPE_F64

#define TK_TYPE_I32
#include "../Reference/whole.h"
#undef TK_TYPE_I32

#define TK_TYPE_I64
#include "../Reference/whole.h"
#undef TK_TYPE_I64

#define TK_TYPE_U8
#include "../Reference/whole.h"
#undef TK_TYPE_U8

#include "../Reference/optimizer.h"

#include "table.h"

const tk_element_kernels tk_elements_f64 = TK_REAL_ELEMENTS(f64);
const tk_element_kernels tk_elements_i32 = TK_WHOLE_ELEMENTS(i32);
const tk_element_kernels tk_elements_i64 = TK_WHOLE_ELEMENTS(i64);
const tk_element_kernels tk_elements_u8 = TK_WHOLE_ELEMENTS(u8);

TK_VARIANT_TABLE(reference, TK_ISA_REFERENCE)
