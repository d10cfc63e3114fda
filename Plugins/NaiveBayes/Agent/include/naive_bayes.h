/* naive_bayes.h: an agent that classifies texts by naive Bayes over hashed n-grams, in C alone.
 *
 * It needs the ABI's headers, libc and libm, and offers model.train/1 and text.classify/1. A model:
 *
 *   format     org.cadre.naive-bayes/1
 *   weights    f32 [classes, features]: what a counted n-gram adds to a class's score
 *   priors     f32 [classes]
 *   metadata   labels, temperature, features, ngrams, characters, alpha, complement, rows
 *
 * logp is log softmax((priors + counts · weights) / temperature); z holds the same scores over the
 * number of n-grams, so that long texts do not outweigh short ones. */
#ifndef NAIVE_BAYES_H
#define NAIVE_BAYES_H

#include <cadre/cadre.h>

/* The image's one exported symbol; cadre/boot.h. */
CADRE_ENTRY(const cadre_boot *boot);

#endif
