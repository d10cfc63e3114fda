/* Elementary functions on vectors: no table and, but for the sine of huge angles, no branch. NaN in
 * gives NaN out. Bounds in ULP are measured over all 2^32 floats by
 * Tests/TensorKernelsTests/Exhaustive/ulp_all_floats.c; coefficients come from coefficients.py. */
#include "elementary_exp.h"

#include "elementary_log.h"

#include "elementary_erf.h"

#include "elementary_sigmoid.h"

#include "wide.h"

#include "elementary_trig.h"

#include "elementary_gelu.h"

#include "elementary_pow.h"
