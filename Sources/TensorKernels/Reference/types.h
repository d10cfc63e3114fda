/* The element type that a template of this folder is included for. No guard: read again each time.
 *
 *   REAL      the element type
 *   WIDE      what sums and formulas are computed in: f64, or the type itself for whole numbers
 *   T(name)   name_f32, name_f64, name_i32, name_i64, name_u8 */
#undef REAL
#undef WIDE
#undef T
#undef TK_IS_REAL
#undef TK_IS_SIGNED
#if defined(TK_TYPE_F32)
#define REAL float
#define WIDE double
#define T(name) name##_f32
#define TK_IS_REAL 1
#define TK_IS_SIGNED 1
#elif defined(TK_TYPE_F64)
#define REAL double
#define WIDE double
#define T(name) name##_f64
#define TK_IS_REAL 1
#define TK_IS_SIGNED 1
#elif defined(TK_TYPE_I32)
#define REAL int32_t
#define WIDE uint32_t /* wraps around */
#define T(name) name##_i32
#define TK_IS_REAL 0
#define TK_IS_SIGNED 1
#elif defined(TK_TYPE_I64)
#define REAL int64_t
#define WIDE uint64_t
#define T(name) name##_i64
#define TK_IS_REAL 0
#define TK_IS_SIGNED 1
#elif defined(TK_TYPE_U8)
#define REAL uint8_t
#define WIDE uint8_t
#define T(name) name##_u8
#define TK_IS_REAL 0
#define TK_IS_SIGNED 0
#endif
