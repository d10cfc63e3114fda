/* Reference for tk_optimizer.h. */
#include <math.h>
#include <stddef.h>

static void sgd_f32(size_t n, const tk_sgd *rule, float *parameter, const float *gradient,
                    float *velocity) {
  for (size_t i = 0; i < n; ++i) {
    float step = gradient[i] + rule->weight_decay * parameter[i];
    if (velocity) {
      step = rule->momentum * velocity[i] + step;
      velocity[i] = step;
    }
    parameter[i] -= rule->learning_rate * step;
  }
}

static void adam_f32(size_t n, const tk_adam *rule, float *parameter, const float *gradient,
                     float *first_moment, float *second_moment) {
  for (size_t i = 0; i < n; ++i) {
    float g = gradient[i];
    float m = rule->beta1 * first_moment[i] + (1.0f - rule->beta1) * g;
    float v = rule->beta2 * second_moment[i] + (1.0f - rule->beta2) * g * g;
    float shrunk = parameter[i] * (1.0f - rule->learning_rate * rule->weight_decay);
    float root = sqrtf(v / rule->correction2) + rule->epsilon;
    parameter[i] = shrunk - rule->learning_rate * (m / rule->correction1) / root;
    first_moment[i] = m;
    second_moment[i] = v;
  }
}
