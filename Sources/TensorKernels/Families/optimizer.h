/* Optimisers: one pass over memory, since bandwidth bounds them. */

static void sgd_f32(size_t n, const tk_sgd *rule, float *parameter, const float *gradient,
                    float *velocity) {
  vf rate = v_splat(rule->learning_rate);
  vf momentum = v_splat(rule->momentum);
  vf decay = v_splat(rule->weight_decay);
  for (size_t i = 0; i < n; i += TK_LANES) {
    size_t left = n - i;
    int whole = left >= TK_LANES;
    vf p = whole ? v_load(parameter + i) : v_load_tail(parameter + i, left, 0.0f);
    vf g = whole ? v_load(gradient + i) : v_load_tail(gradient + i, left, 0.0f);
    vf step = g + decay * p;
    if (velocity) {
      vf v = whole ? v_load(velocity + i) : v_load_tail(velocity + i, left, 0.0f);
      step = momentum * v + step;
      if (whole) {
        v_store(velocity + i, step);
      } else {
        v_store_tail(velocity + i, left, step);
      }
    }
    p = p - rate * step;
    if (whole) {
      v_store(parameter + i, p);
    } else {
      v_store_tail(parameter + i, left, p);
    }
  }
}

/* The constants of tk_adam in vectors. */
typedef struct adam_rule {
  vf shrink, beta1, rest1, beta2, rest2, rate, scale2, epsilon;
} adam_rule;

static inline void adam_vector(const adam_rule *k, vf *p, vf g, vf *m, vf *v) {
  *m = k->beta1 * *m + k->rest1 * g;
  *v = k->beta2 * *v + k->rest2 * (g * g);
  vf root = __builtin_elementwise_sqrt(*v * k->scale2) + k->epsilon;
  *p = *p * k->shrink - k->rate * *m / root;
}

static void adam_f32(size_t n, const tk_adam *rule, float *parameter, const float *gradient,
                     float *first_moment, float *second_moment) {
  adam_rule k = {
      .shrink = v_splat(1.0f - rule->learning_rate * rule->weight_decay),
      .beta1 = v_splat(rule->beta1),
      .rest1 = v_splat(1.0f - rule->beta1),
      .beta2 = v_splat(rule->beta2),
      .rest2 = v_splat(1.0f - rule->beta2),
      .rate = v_splat(rule->learning_rate / rule->correction1),
      .scale2 = v_splat(1.0f / rule->correction2),
      .epsilon = v_splat(rule->epsilon),
  };
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) {
    vf p = v_load(parameter + i);
    vf m = v_load(first_moment + i);
    vf v = v_load(second_moment + i);
    adam_vector(&k, &p, v_load(gradient + i), &m, &v);
    v_store(parameter + i, p);
    v_store(first_moment + i, m);
    v_store(second_moment + i, v);
  }
  if (i < n) {
    size_t left = n - i;
    vf p = v_load_tail(parameter + i, left, 0.0f);
    vf m = v_load_tail(first_moment + i, left, 0.0f);
    vf v = v_load_tail(second_moment + i, left, 0.0f);
    adam_vector(&k, &p, v_load_tail(gradient + i, left, 0.0f), &m, &v);
    v_store_tail(parameter + i, left, p);
    v_store_tail(first_moment + i, left, m);
    v_store_tail(second_moment + i, left, v);
  }
}
