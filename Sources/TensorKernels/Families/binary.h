/* Two numbers in, one out: tk_binary.h. */
#include "map.h"

/* name_f32: `expression` of vectors `a` and `b`. */
#define TK_BINARY(name, expression)                                                          \
  static inline vf name##_vector(vf a, vf b) { return expression; }                          \
  static void name##_f32(size_t n, const void *first, size_t first_step, const void *second, \
                         size_t second_step, void *to) {                                     \
    if (n == 0) return;                                                                      \
    const float *x = first;                                                                  \
    const float *z = second;                                                                 \
    float *y = to;                                                                           \
    if (first_step != 0 && second_step != 0) {                                               \
      TK_MAP(n, y, name##_vector(v_load(x + i), v_load(z + i)),                              \
             name##_vector(v_load_tail(x + i, left, 1.0f), v_load_tail(z + i, left, 1.0f))); \
    } else if (first_step != 0) {                                                            \
      const vf b = v_splat(*z);                                                              \
      TK_MAP(n, y, name##_vector(v_load(x + i), b),                                          \
             name##_vector(v_load_tail(x + i, left, 1.0f), b));                              \
    } else if (second_step != 0) {                                                           \
      const vf a = v_splat(*x);                                                              \
      TK_MAP(n, y, name##_vector(a, v_load(z + i)),                                          \
             name##_vector(a, v_load_tail(z + i, left, 1.0f)));                              \
    } else {                                                                                 \
      const vf all = name##_vector(v_splat(*x), v_splat(*z));                                \
      TK_MAP(n, y, all, all);                                                                \
    }                                                                                        \
  }

TK_BINARY(add, a + b)
TK_BINARY(subtract, a - b)
TK_BINARY(multiply, (a * b))
TK_BINARY(divide, a / b)
/* v_max gives b where one is NaN: right where b is, and a's NaN is put in. */
TK_BINARY(maximum, v_select(a != a, v_settled(a), v_max(a, v_settled(b))))
TK_BINARY(minimum, v_select(a != a, v_settled(a), v_min(a, v_settled(b))))
TK_BINARY(any_power, v_pow(a, b))

/* x^2 is what models ask for most, and one product rounds as pow does. */
static void power_f32(size_t n, const void *first, size_t first_step, const void *second,
                      size_t second_step, void *to) {
  if (n > 0 && second_step == 0 && *(const float *)second == 2.0f) {
    multiply_f32(n, first, first_step, first, first_step, to);
  } else {
    any_power_f32(n, first, first_step, second, second_step, to);
  }
}

/* Truth values of a vector as bytes. */
typedef uint8_t v_bytes __attribute__((vector_size(TK_VECTOR_BYTES / sizeof(float))));

static inline void v_store_truth(uint8_t *p, vi mask) {
  v_bytes bytes = __builtin_convertvector(mask & v_splat_i(1), v_bytes);
  memcpy(p, &bytes, sizeof bytes);
}

static inline void v_store_truth_tail(uint8_t *p, size_t n, vi mask) {
  for (size_t i = 0; i < TK_LANES; ++i) {
    if (i < n) p[i] = mask[i] != 0;
  }
}

#define TK_COMPARE_LOOP(n, y, whole, part)                                    \
  do {                                                                        \
    size_t i = 0;                                                             \
    for (; i + TK_LANES <= (n); i += TK_LANES) v_store_truth((y) + i, whole); \
    if (i < (n)) {                                                            \
      size_t left = (n) - i;                                                  \
      v_store_truth_tail((y) + i, left, part);                                \
    }                                                                         \
  } while (0)

#define TK_COMPARE(name, operation)                                                          \
  static void name##_f32(size_t n, const void *first, size_t first_step, const void *second, \
                         size_t second_step, void *to) {                                     \
    if (n == 0) return;                                                                      \
    const float *x = first;                                                                  \
    const float *z = second;                                                                 \
    uint8_t *y = to;                                                                         \
    const vf a = v_splat(*x);                                                                \
    const vf b = v_splat(*z);                                                                \
    if (first_step != 0 && second_step != 0) {                                               \
      TK_COMPARE_LOOP(n, y, v_load(x + i) operation v_load(z + i),                           \
                      v_load_tail(x + i, left, 0) operation v_load_tail(z + i, left, 0));    \
    } else if (first_step != 0) {                                                            \
      TK_COMPARE_LOOP(n, y, v_load(x + i) operation b,                                       \
                      v_load_tail(x + i, left, 0) operation b);                              \
    } else if (second_step != 0) {                                                           \
      TK_COMPARE_LOOP(n, y, a operation v_load(z + i),                                       \
                      a operation v_load_tail(z + i, left, 0));                              \
    } else {                                                                                 \
      memset(y, *x operation *z, n);                                                         \
    }                                                                                        \
  }

TK_COMPARE(equal, ==)
TK_COMPARE(not_equal, !=)
TK_COMPARE(less, <)
TK_COMPARE(less_equal, <=)
TK_COMPARE(greater, >)
TK_COMPARE(greater_equal, >=)
