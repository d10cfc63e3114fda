/* The families that whole numbers have, as templates. */
#include "types.h"

#include "whole_unary.h"

#include "binary.h"

#include "reduce.h"

#include "index.h"

#include "sort.h"
