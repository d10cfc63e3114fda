/* The tables of one variant, from the families included before. */

#define TK_UNARY_TABLE(T)                                       \
  {                                                             \
    .forward = {[TK_NEGATE] = negate_##T,                       \
                [TK_SCALE] = scale_##T,                         \
                [TK_ABS] = abs_##T,                             \
                [TK_EXP] = exp_##T,                             \
                [TK_LOG] = log_##T,                             \
                [TK_SQRT] = sqrt_##T,                           \
                [TK_RSQRT] = rsqrt_##T,                         \
                [TK_SIN] = sin_##T,                             \
                [TK_COS] = cos_##T,                             \
                [TK_TANH] = tanh_##T,                           \
                [TK_ERF] = erf_##T,                             \
                [TK_SIGMOID] = sigmoid_##T,                     \
                [TK_RELU] = relu_##T,                           \
                [TK_LEAKY_RELU] = leaky_relu_##T,               \
                [TK_ELU] = elu_##T,                             \
                [TK_GELU] = gelu_##T,                           \
                [TK_GELU_TANH] = gelu_tanh_##T,                 \
                [TK_SILU] = silu_##T},                          \
    .gradient = {                                               \
      [TK_NEGATE] = negate_gradient_##T,                        \
      [TK_SCALE] = scale_gradient_##T,                          \
      [TK_ABS] = abs_gradient_##T,                              \
      [TK_EXP] = exp_gradient_##T,                              \
      [TK_LOG] = log_gradient_##T,                              \
      [TK_SQRT] = sqrt_gradient_##T,                            \
      [TK_RSQRT] = rsqrt_gradient_##T,                          \
      [TK_SIN] = sin_gradient_##T,                              \
      [TK_COS] = cos_gradient_##T,                              \
      [TK_TANH] = tanh_gradient_##T,                            \
      [TK_ERF] = erf_gradient_##T,                              \
      [TK_SIGMOID] = sigmoid_gradient_##T,                      \
      [TK_RELU] = relu_gradient_##T,                            \
      [TK_LEAKY_RELU] = leaky_relu_gradient_##T,                \
      [TK_ELU] = elu_gradient_##T,                              \
      [TK_GELU] = gelu_gradient_##T,                            \
      [TK_GELU_TANH] = gelu_tanh_gradient_##T,                  \
      [TK_SILU] = silu_gradient_##T                             \
    }                                                           \
  }

#define TK_COMPARE_TABLE(T)                                                   \
  {                                                                           \
    [TK_EQUAL] = equal_##T, [TK_NOT_EQUAL] = not_equal_##T, [TK_LESS] = less_##T, \
    [TK_LESS_EQUAL] = less_equal_##T, [TK_GREATER] = greater_##T,             \
    [TK_GREATER_EQUAL] = greater_equal_##T                                    \
  }

#define TK_REAL_BINARY_TABLE(T)                                                        \
  {                                                                                    \
    .arithmetic = {[TK_ADD] = add_##T,                                                 \
                   [TK_SUBTRACT] = subtract_##T,                                       \
                   [TK_MULTIPLY] = multiply_##T,                                       \
                   [TK_DIVIDE] = divide_##T,                                           \
                   [TK_POWER] = power_##T,                                             \
                   [TK_MAXIMUM] = maximum_##T,                                         \
                   [TK_MINIMUM] = minimum_##T},                                        \
    .compare = TK_COMPARE_TABLE(T)                                                     \
  }

#define TK_WHOLE_BINARY_TABLE(T)                                                       \
  {                                                                                    \
    .arithmetic = {[TK_ADD] = add_##T,                                                 \
                   [TK_SUBTRACT] = subtract_##T,                                       \
                   [TK_MULTIPLY] = multiply_##T,                                       \
                   [TK_MAXIMUM] = maximum_##T,                                         \
                   [TK_MINIMUM] = minimum_##T},                                        \
    .compare = TK_COMPARE_TABLE(T)                                                     \
  }

#define TK_REAL_REDUCE_TABLE(T)                                                        \
  {                                                                                    \
    .values = {[TK_SUM] = reduce_sum_##T,                                              \
               [TK_SUM_SQUARES] = reduce_sum_squares_##T,                              \
               [TK_MAX] = reduce_max_##T,                                              \
               [TK_MIN] = reduce_min_##T,                                              \
               [TK_LOGSUMEXP] = reduce_logsumexp_##T,                                  \
               [TK_VARIANCE] = reduce_variance_##T},                                   \
    .positions = {[TK_ARGMAX] = argmax_##T, [TK_ARGMIN] = argmin_##T},                 \
    .sum = sum_##T, .sum_squares = sum_squares_##T, .dot = dot_##T                     \
  }

#define TK_WHOLE_REDUCE_TABLE(T)                                                       \
  {                                                                                    \
    .values = {[TK_SUM] = reduce_sum_##T,                                              \
               [TK_MAX] = reduce_max_##T,                                              \
               [TK_MIN] = reduce_min_##T},                                             \
    .positions = {[TK_ARGMAX] = argmax_##T, [TK_ARGMIN] = argmin_##T}                  \
  }

#define TK_INDEX_TABLE(T) \
  { .scatter_add_rows = scatter_add_rows_##T, .scatter_add_axis = scatter_add_axis_##T }

#define TK_SORT_TABLE(T) { .sort = sort_##T, .top_k = top_k_##T }

/* All families of a floating-point type. */
#define TK_REAL_ELEMENTS(T)                                                            \
  {                                                                                    \
    .unary = TK_UNARY_TABLE(T), .binary = TK_REAL_BINARY_TABLE(T),                     \
    .reduce = TK_REAL_REDUCE_TABLE(T),                                                 \
    .softmax = {.softmax = softmax_##T,                                                \
                .log_softmax = log_softmax_##T,                                        \
                .softmax_backward = softmax_backward_##T,                              \
                .log_softmax_backward = log_softmax_backward_##T,                      \
                .log_pool = log_pool_##T},                                             \
    .norm = {.layer_norm = layer_norm_##T,                                             \
             .layer_norm_backward = layer_norm_backward_##T,                           \
             .rms_norm = rms_norm_##T,                                                 \
             .rms_norm_backward = rms_norm_backward_##T},                              \
    .cross_entropy = {.forward = cross_entropy_forward_##T,                            \
                      .backward = cross_entropy_backward_##T},                         \
    .embedding_bag = {.forward = bag_forward_##T,                                      \
                      .backward_table = bag_backward_table_##T,                        \
                      .backward_weights = bag_backward_weights_##T},                   \
    .index = TK_INDEX_TABLE(T), .sort = TK_SORT_TABLE(T),                              \
    .gemm = {.workspace = gemm_workspace_##T,                                          \
             .multiply = gemm_multiply_##T,                                            \
             .packed_bytes = gemm_packed_bytes_##T,                                    \
             .pack_b = gemm_pack_b_##T}                                                \
  }

/* The families that whole numbers have. */
#define TK_WHOLE_ELEMENTS(T)                                                           \
  {                                                                                    \
    .unary = {.forward = {[TK_NEGATE] = negate_##T, [TK_ABS] = abs_##T}},              \
    .binary = TK_WHOLE_BINARY_TABLE(T), .reduce = TK_WHOLE_REDUCE_TABLE(T),            \
    .index = TK_INDEX_TABLE(T), .sort = TK_SORT_TABLE(T)                               \
  }

/* TK_VARIANT_TABLE(avx2, TK_ISA_AVX2): f32 from the families of this file, the rest from reference.c. */
#define TK_VARIANT_TABLE(name, number)                                                 \
  static const tk_element_kernels name##_f32 = TK_REAL_ELEMENTS(f32);                  \
  const tk_kernels tk_kernels_##name = {                                               \
      .isa = number,                                                                   \
      .f32 = &name##_f32,                                                              \
      .f64 = &tk_elements_f64,                                                         \
      .i32 = &tk_elements_i32,                                                         \
      .i64 = &tk_elements_i64,                                                         \
      .u8 = &tk_elements_u8,                                                           \
      .optimizer = {.sgd_f32 = sgd_f32, .adam_f32 = adam_f32},                         \
  };
