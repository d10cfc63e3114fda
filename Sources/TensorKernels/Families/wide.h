/* f64 vectors beside the f32 ones, for the few steps that need more digits: two make one vf. */

typedef double vd __attribute__((vector_size(TK_VECTOR_BYTES)));
typedef int64_t vl __attribute__((vector_size(TK_VECTOR_BYTES)));

typedef struct v_pair {
  vd low;
  vd high;
} v_pair;

#define TK_HALF_LANES (TK_LANES / 2)

static inline vd vd_splat(double x) { return x - (vd){0}; }

static inline vd vd_select(vl mask, vd yes, vd no) {
  return (vd)(((vl)yes & mask) | ((vl)no & ~mask));
}

static inline v_pair v_widen(vf x) {
  typedef float half __attribute__((vector_size(TK_VECTOR_BYTES / 2)));
  half halves[2];
  memcpy(halves, &x, sizeof x);
  return (v_pair){.low = __builtin_convertvector(halves[0], vd),
                  .high = __builtin_convertvector(halves[1], vd)};
}

static inline vf v_narrow(v_pair x) {
  typedef float half __attribute__((vector_size(TK_VECTOR_BYTES / 2)));
  half halves[2] = {__builtin_convertvector(x.low, half), __builtin_convertvector(x.high, half)};
  vf y;
  memcpy(&y, halves, sizeof y);
  return y;
}

/* The low 32 bits of each f64. */
static inline vi v_low_words(v_pair x) {
  typedef int32_t half __attribute__((vector_size(TK_VECTOR_BYTES / 2)));
  half halves[2] = {__builtin_convertvector((vl)x.low, half),
                    __builtin_convertvector((vl)x.high, half)};
  vi y;
  memcpy(&y, halves, sizeof y);
  return y;
}

