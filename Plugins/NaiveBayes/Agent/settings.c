/* The settings of a training, from JSON. */
#include <math.h>

#include "agent.h"

const nb_settings nb_settings_initial = {
    .recipe = {.features = 65536, .words = 2, .characters = 4},
    .alpha = 0.03,
    .complement = 0,
};

/* Reads a number that is there into *out; `whole` wants no fraction. */
static cadre_error *number(const cadre_host *host, nb_span object, const char *where,
                           const char *name, int whole, double min, double max, double *out) {
  const nb_span value = nb_json_member(object, name);
  if (value.size == 0) return NULL;
  if (nb_json_number(value, out) && *out >= min && *out <= max && (!whole || *out == floor(*out)))
    return NULL;
  return nb_fail(host, CADRE_INVALID_ARGUMENT, where,
                 "`%s` should be a %snumber in %g...%g, not %.*s", name, whole ? "whole " : "", min,
                 max, (int)(value.size < 60 ? value.size : 60), value.data);
}

cadre_error *nb_settings_read(const cadre_host *host, cadre_str json, const char *where,
                              nb_settings *out) {
  const nb_span object = nb_span_of(json);
  if (object.size == 0) return NULL;
  const ptrdiff_t broken = nb_json_check(object);
  if (broken >= 0)
    return nb_fail(host, CADRE_INVALID_ARGUMENT, where,
                   "the settings are no JSON, from byte %td on", broken);
  double features = out->recipe.features, words = out->recipe.words,
         characters = out->recipe.characters;
  cadre_error *error = number(host, object, where, "alpha", 0, 1e-3, 10, &out->alpha);
  if (error == NULL) error = number(host, object, where, "ngrams", 1, 1, 2, &words);
  if (error == NULL)
    error = number(host, object, where, "characters", 1, 0, NB_CHARACTERS_MAX, &characters);
  if (error == NULL)
    error = number(host, object, where, "features", 1, 1 << 10, 1 << 18, &features);
  if (error != NULL) return error;
  out->recipe = (nb_recipe){(uint32_t)features, (uint32_t)words, (uint32_t)characters};
  if ((out->recipe.features & (out->recipe.features - 1)) != 0)
    return nb_fail(host, CADRE_INVALID_ARGUMENT, where,
                   "`features` should be a power of two, not %u", out->recipe.features);
  const nb_span complement = nb_json_member(object, "complement");
  if (complement.size > 0 && !nb_json_bool(complement, &out->complement))
    return nb_fail(host, CADRE_INVALID_ARGUMENT, where, "`complement` should be true or false");
  return NULL;
}
