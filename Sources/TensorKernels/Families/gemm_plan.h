/* How one call is cut into pieces and where its operands are read from: known from sizes and steps
 * before anything is computed. No choice here can change a bit of the result, see gemm_tile.h. */

/* C is computed in blocks of rows, each in panels of columns as wide as a tile. */
typedef struct gemm_plan {
  /* Rows of a block, blocks in M, panels in N; blocks * panels * batch units are shared out. */
  size_t rows, blocks, panels, units;
  /* Steps of K that are done at once. */
  size_t depth;
  /* Multiply-adds of the call, and the threads that they are shared by. */
  size_t work;
  uint32_t lanes;
  /* Element (i, p) of A at [i * step + p] instead of [p * step + i]. */
  int by_rows;
  /* A block of A is copied to scratch memory, with this step. */
  int copies_a;
  size_t copy_step;
  /* A panel of B is packed into scratch memory where a block needs it, the last one only if its
   * last vector is not whole; or all of B is packed before. */
  int packs_b, packs_last_b, packs_whole_b;
  /* Scratch memory of a lane, in floats. */
  size_t scratch_a, scratch_b;
} gemm_plan;

/* The first column of panel `index`. Widths differ by a vector at most, and are whole vectors but
 * for the last. */
static size_t gemm_panel_begin(size_t n, size_t panels, size_t index) {
  size_t vectors = (n + TK_LANES - 1) / TK_LANES;
  size_t share = vectors / panels;
  size_t wider = vectors % panels;
  return gemm_smaller(n, (index * share + gemm_smaller(index, wider)) * TK_LANES);
}

static size_t gemm_panels(size_t n) {
  size_t width = TK_GEMM_VECTORS * TK_LANES;
  return (n + width - 1) / width;
}

/* Lines this many bytes apart fall into one set of the first cache, which holds 12, and few sets of
 * the second: the rows that a tile reads at once would push each other out. */
#define GEMM_BAD_STEP_BYTES 4096
/* ... but a copy of more floats than this (4 MiB) would not stay near the core either. */
#define GEMM_MOST_COPIED 1048576
/* Below, packing a panel costs more than it gives. */
#define GEMM_FEW_ROWS 64
/* Multiply-adds, 0.8 us on one core: a part of a call that is worth another thread, which costs
 * some 0.3 us if it is awake. */
#define GEMM_LANE_WORK 100000
/* Multiply-adds, 30 us on one core: a call that is worth waking a thread (tk_pool_run_short). */
#define GEMM_WAKING_WORK 4000000
/* What an element costs that is not used again, in multiply-adds: of a matrix times a vector, and
 * of an operand that is packed. */
#define GEMM_VECTOR_COST 6
#define GEMM_PACKING_COST 10
/* Panels that a lone thread does at once: what a block adds to C in one part of K (256 x 512 floats
 * at most) is still in the second or third cache when the next part adds to it. */
#define GEMM_PANELS_AT_ONCE 16

static gemm_plan gemm_make_plan(const tk_gemm_call *call, uint32_t threads) {
  gemm_plan plan = {0};
  size_t m = call->m, k = call->k;
  plan.panels = gemm_panels(call->n);
  /* Equal parts: a short one would pay for its visit to C with little work. */
  size_t parts = (k + TK_GEMM_DEPTH - 1) / TK_GEMM_DEPTH;
  plan.depth = k == 0 ? 0 : gemm_round_up((k + parts - 1) / parts, 4);
  /* + 1: also where K is 0. */
  size_t block = TK_GEMM_BLOCK_FLOATS / (plan.depth + 1) / TK_GEMM_ROWS * TK_GEMM_ROWS;
  plan.blocks = (m + block - 1) / block;

  plan.work = call->batch * m * call->n * k;
  size_t tiles = call->batch * plan.panels * ((m + TK_GEMM_ROWS - 1) / TK_GEMM_ROWS);
  plan.lanes = (uint32_t)gemm_smaller(gemm_smaller(threads, plan.work / GEMM_LANE_WORK), tiles);
  if (plan.lanes == 0) plan.lanes = 1;
  /* Few panels that do not share out evenly: cut the rows as well. */
  size_t shared = call->batch * plan.panels * plan.blocks;
  if (shared % plan.lanes != 0 && shared < 8 * plan.lanes) {
    plan.blocks *= (8 * plan.lanes + shared - 1) / shared;
  }
  plan.rows = gemm_round_up((m + plan.blocks - 1) / plan.blocks, TK_GEMM_ROWS);
  plan.blocks = (m + plan.rows - 1) / plan.rows;
  plan.units = call->batch * plan.panels * plan.blocks;

  int columns = call->a_row == 1 || m == 1;
  plan.by_rows = call->a_column == 1 || !columns;
  size_t step_bytes = (plan.by_rows ? call->a_row : call->a_column) * sizeof(float);
  plan.copies_a = call->a_column != 1 && !columns;
  if (m > 1 && plan.panels > 1 && plan.rows * k <= GEMM_MOST_COPIED) {
    plan.copies_a |= step_bytes % GEMM_BAD_STEP_BYTES == 0;
  }
  if (plan.copies_a) {
    /* A line more than whole lines: the copy does not repeat what it is made against. */
    size_t length = plan.by_rows ? k : plan.rows;
    plan.copy_step = gemm_round_up(length, 16) + 16;
    plan.scratch_a = plan.copy_step * (plan.by_rows ? plan.rows : k);
  }
  if (call->packed_b != NULL) return plan;
  /* Rows of B are read where they are, unless they stand so that every tile would find its panel
   * pushed out of the cache again; and except for columns that are not whole vectors. */
  int direct = call->b_column == 1 &&
               (call->b_row * sizeof(float) % GEMM_BAD_STEP_BYTES != 0 || m <= GEMM_FEW_ROWS);
  plan.packs_b = !direct;
  plan.packs_last_b = call->n % TK_LANES != 0;
  /* Rows are best packed for many panels at once; a transposed panel is best packed when it is
   * needed, but not by every block again. */
  plan.packs_whole_b = plan.packs_b && (plan.blocks > 1 || call->b_column == 1) &&
                       (call->batch == 1 || call->b_batch == 0);
  plan.scratch_b = gemm_round_up(TK_GEMM_VECTORS * TK_LANES * plan.depth, 16);
  return plan;
}
