/* tk_binary.h for REAL. Operands of step 0 are read before the loop, so that the compiler
 * vectorises each of the three. Whole numbers go through WIDE, which has no sign: overflow wraps
 * around. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Sets y[i] to `expression` of a and b, numbers of type OPERAND. */
#define TK_BINARY_LOOPS(OPERAND, RESULT, expression) \
  if (n == 0) return;                                \
  const REAL *x = first;                             \
  const REAL *z = second;                            \
  RESULT *y = to;                                    \
  if (first_step != 0 && second_step != 0) {         \
    for (size_t i = 0; i < n; ++i) {                 \
      OPERAND a = (OPERAND)x[i];                     \
      OPERAND b = (OPERAND)z[i];                     \
      y[i] = (RESULT)(expression);                   \
    }                                                \
  } else if (first_step != 0) {                      \
    OPERAND b = (OPERAND)*z;                         \
    for (size_t i = 0; i < n; ++i) {                 \
      OPERAND a = (OPERAND)x[i];                     \
      y[i] = (RESULT)(expression);                   \
    }                                                \
  } else {                                           \
    OPERAND a = (OPERAND)*x;                         \
    for (size_t i = 0; i < n; ++i) {                 \
      OPERAND b = (OPERAND)z[i * second_step];       \
      y[i] = (RESULT)(expression);                   \
    }                                                \
  }

#define TK_BINARY_LOOP(name, OPERAND, RESULT, expression)                                 \
  static void T(name)(size_t n, const void *first, size_t first_step, const void *second, \
                      size_t second_step, void *to) {                                     \
    TK_BINARY_LOOPS(OPERAND, RESULT, expression)                                          \
  }

#if TK_IS_REAL
TK_BINARY_LOOP(add, REAL, REAL, a + b)
TK_BINARY_LOOP(subtract, REAL, REAL, a - b)
TK_BINARY_LOOP(multiply, REAL, REAL, (a * b))
TK_BINARY_LOOP(divide, REAL, REAL, a / b)
TK_BINARY_LOOP(power, WIDE, REAL, pow(a, b))
/* a where a is the larger or NaN; b where it is the larger, equal or NaN. */
TK_BINARY_LOOP(maximum, REAL, REAL, a > b || a != a ? a : b)
TK_BINARY_LOOP(minimum, REAL, REAL, a < b || a != a ? a : b)
#else
TK_BINARY_LOOP(add, WIDE, REAL, (WIDE)(a + b))
TK_BINARY_LOOP(subtract, WIDE, REAL, (WIDE)(a - b))
TK_BINARY_LOOP(multiply, WIDE, REAL, (WIDE)(a * b))
TK_BINARY_LOOP(maximum, REAL, REAL, a > b ? a : b)
TK_BINARY_LOOP(minimum, REAL, REAL, a < b ? a : b)
#endif

TK_BINARY_LOOP(equal, REAL, uint8_t, a == b)
TK_BINARY_LOOP(not_equal, REAL, uint8_t, a != b)
TK_BINARY_LOOP(less, REAL, uint8_t, a < b)
TK_BINARY_LOOP(less_equal, REAL, uint8_t, a <= b)
TK_BINARY_LOOP(greater, REAL, uint8_t, a > b)
TK_BINARY_LOOP(greater_equal, REAL, uint8_t, a >= b)

#undef TK_BINARY_LOOP
#undef TK_BINARY_LOOPS
