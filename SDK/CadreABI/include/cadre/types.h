/* cadre/types.h: what a port can carry: kinds, element types, dimensions, columns, ports. */
#ifndef CADRE_TYPES_H
#define CADRE_TYPES_H

#include "base.h"

CADRE_BEGIN

/* The kinds of values. */
enum {
  CADRE_KIND_TENSOR = 1,   /* dense array */
  CADRE_KIND_TABLE = 2,    /* Arrow stream */
  CADRE_KIND_TEXT = 3,     /* one UTF-8 text */
  CADRE_KIND_BYTES = 4,
  CADRE_KIND_JSON = 5,     /* one JSON document, UTF-8 */
  CADRE_KIND_SCALAR = 6,   /* one number, Boolean or text */
  CADRE_KIND_DATASET = 7,  /* opened through cadre.data/1, any number of times */
  CADRE_KIND_MODEL = 8,    /* named tensors and metadata, read and made through cadre.model/1 */
  CADRE_KIND_STATE = 9,    /* bytes that only their maker understands */
  CADRE_KIND_SETTINGS = 10 /* a JSON object of settings */
};

/* Constructors over a kind; a set of bits. */
enum {
  CADRE_OF_TEAM = 1,   /* one value a member of the team */
  CADRE_OF_SEALED = 2, /* the host keeps it closed until the one step that may open it */
  CADRE_OF_STREAM = 4  /* many values, one after the other */
};

/* Element types. In a set they are bits: 1 << CADRE_F32. */
enum {
  CADRE_BOOL = 1,
  CADRE_U8 = 2,
  CADRE_I8 = 3,
  CADRE_I32 = 4,
  CADRE_I64 = 5,
  CADRE_F32 = 6,
  CADRE_F64 = 7,
  CADRE_BF16 = 8,
  CADRE_F16 = 9,
  CADRE_UTF8 = 10 /* scalars and columns only */
};

/* One dimension. `symbol` names it across the ports of an offer and across agents; equal symbols are
 * equal sizes. An empty symbol with min == max is a fixed size; an empty symbol else is any size.
 * max < 0: no upper bound. estimate < 0: none. Frozen, so it may stand in an array. */
typedef struct cadre_dim {
  cadre_str symbol;
  int64_t min;
  int64_t max;
  int64_t estimate;
} cadre_dim;

/* One column of a table or dataset. */
typedef struct cadre_column {
  uint32_t size;
  uint32_t dtype;
  cadre_str name;
  /* Tags such as "pii"; borrow, `label_count` of them. */
  const cadre_str *labels;
  uint32_t label_count;
  /* CADRE_COLUMN_... */
  uint32_t flags;
} cadre_column;

enum { CADRE_COLUMN_NULLABLE = 1 };

enum {
  CADRE_PORT_OPTIONAL = 1,  /* the job runs without it */
  CADRE_PORT_BOUND = 2,     /* given once, at prepare, and not again at each job (a model, a state) */
  CADRE_PORT_ANY_SHAPE = 4, /* a tensor of any rank; dims is empty */
  CADRE_PORT_OPEN = 8       /* a table that may have columns beyond those stated */
};

/* One port of an offer. */
typedef struct cadre_port {
  uint32_t size;
  uint32_t kind;
  uint32_t constructors;
  uint32_t flags;
  cadre_str name;
  cadre_str about;
  /* Accepted (in) or possible (out) element types of a tensor or scalar, as bits. */
  uint64_t dtypes;
  /* Dimensions of a tensor, outermost first. */
  const cadre_dim *dims;
  uint64_t dim_count;
  /* Columns of a table or dataset: those that are needed (in) or made (out). An agent is given no
   * column that it does not name. */
  const cadre_column *const *columns;
  uint64_t column_count;
  /* Of a model: the task it serves, and the format of its tensors; empty = any. */
  cadre_str task;
  cadre_str format;
  /* Tags of the whole port, such as "pii". */
  const cadre_str *labels;
  uint64_t label_count;
  /* Where the memory is to lie; empty = "cpu", the only one today. */
  cadre_str device;
} cadre_port;

CADRE_END

#endif
