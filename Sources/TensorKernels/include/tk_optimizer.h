/* tk_optimizer.h: one pass over parameter, gradient and state. Arrays of one call must not
 * overlap. */
#ifndef TK_OPTIMIZER_H
#define TK_OPTIMIZER_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/* Stochastic gradient descent. */
typedef struct tk_sgd {
  float learning_rate;
  float momentum;
  float weight_decay;
} tk_sgd;

/* Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). */
typedef struct tk_adam {
  float learning_rate;
  float beta1;
  float beta2;
  float epsilon;
  float weight_decay;
  /* 1 - beta1^step and 1 - beta2^step, which the caller takes in f64. */
  float correction1;
  float correction2;
} tk_adam;

typedef struct tk_optimizer_kernels {
  /* g' = g + weight_decay * p; v = momentum * v + g'; p -= learning_rate * v.
   * velocity NULL: p -= learning_rate * g'. */
  void (*_Nonnull sgd_f32)(size_t n, const tk_sgd *rule, float *parameter, const float *gradient,
                           float *_Nullable velocity);
  /* p *= 1 - learning_rate * weight_decay; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2)
   * g²; p -= learning_rate * (m / correction1) / (sqrt(v / correction2) + epsilon). */
  void (*_Nonnull adam_f32)(size_t n, const tk_adam *rule, float *parameter, const float *gradient,
                            float *first_moment, float *second_moment);
} tk_optimizer_kernels;

#pragma clang assume_nonnull end

#endif
