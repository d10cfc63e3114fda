/* GEMM for f32, after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
 * 2008), with what they pack left where it is wherever a tile can read it there: rows of A, A
 * transposed, and B that is packed already. */
#include <stdatomic.h>

#include "gemm_tile.h"

#include "gemm_pack.h"

#include "gemm_gelu.h"

#include "gemm_epilogue.h"
#include "gemm_plan.h"
#include "gemm_vector.h"

typedef struct gemm_job {
  const tk_gemm_call *call;
  gemm_plan plan;
  float *scratch;
  /* The next unit to be taken, on a line of its own: it changes while the rest is read. */
  _Alignas(64) atomic_size_t next;
} gemm_job;

/* One thread's part of a job. */
typedef struct gemm_lane {
  float *a, *b;
  /* The block whose A the scratch memory holds; SIZE_MAX: none. */
  size_t copied;
} gemm_lane;

typedef struct gemm_operand {
  const float *start;
  size_t step;
} gemm_operand;

/* Rows i ..< i + rows of A. */
static gemm_operand gemm_block_a(const gemm_job *job, gemm_lane *lane, size_t matrix, size_t block,
                                 size_t rows) {
  const tk_gemm_call *call = job->call;
  const gemm_plan *plan = &job->plan;
  const float *a = (const float *)call->a + matrix * call->a_batch +
                   block * plan->rows * call->a_row;
  if (!plan->copies_a) {
    return (gemm_operand){a, plan->by_rows ? call->a_row : call->a_column};
  }
  size_t id = matrix * plan->blocks + block;
  if (lane->copied != id) {
    if (plan->by_rows) {
      gemm_copy(rows, call->k, a, call->a_row, call->a_column, lane->a, plan->copy_step);
    } else {
      gemm_copy(call->k, rows, a, call->a_column, 1, lane->a, plan->copy_step);
    }
    lane->copied = id;
  }
  return (gemm_operand){lane->a, plan->copy_step};
}

/* Where steps p ... of B, columns j ..< j + columns, lie in memory. */
static gemm_operand gemm_find_b(const gemm_job *job, size_t matrix, size_t p, size_t j,
                                size_t columns) {
  const tk_gemm_call *call = job->call;
  if (call->packed_b != NULL) {
    size_t width = gemm_round_up(columns, TK_LANES);
    return (gemm_operand){(const float *)call->packed_b + j * call->k + p * width, width};
  }
  return (gemm_operand){(const float *)call->b + matrix * call->b_batch + p * call->b_row +
                            j * call->b_column,
                        call->b_row};
}

/* One panel's columns of a block: tiles of nearly equal height, so that none is too low to hide the
 * latency of the multiply-adds. */
static void gemm_column_of_tiles(gemm_tile tile, size_t rows, size_t columns, gemm_operand a,
                                 int by_rows, gemm_operand next, const tk_gemm_call *call,
                                 size_t matrix, size_t i0, size_t j, int last) {
  size_t vectors = (columns + TK_LANES - 1) / TK_LANES;
  size_t tiles = (rows + TK_GEMM_ROWS - 1) / TK_GEMM_ROWS;
  size_t height = rows / tiles;
  size_t higher = rows % tiles;
  tile.tail = columns - (vectors - 1) * TK_LANES;
  for (size_t i = 0, t = 0; t < tiles; ++t) {
    size_t tall = height + (t < higher);
    tile.a = a.start + (by_rows ? i * a.step : i);
    /* The first four tiles fetch a quarter of the next panel each. */
    size_t quarter = gemm_smaller(t, 3);
    tile.next = next.start + quarter * (tile.depth / 4) * next.step;
    tile.next_step = next.step;
    gemm_tiles[tall - 1][vectors - 1][by_rows](&tile);
    if (last) gemm_finish(call, matrix, i0 + i, tall, j, columns);
    tile.c += tall * tile.c_row;
    i += tall;
  }
}

/* Panels first ..< last of one block. Depth outside of the panels, so that what a block reads of A
 * stays in the second cache from panel to panel. */
static void gemm_block(const gemm_job *job, gemm_lane *lane, size_t matrix, size_t block,
                       size_t first, size_t last) {
  const tk_gemm_call *call = job->call;
  const gemm_plan *plan = &job->plan;
  size_t i = block * plan->rows;
  size_t rows = gemm_smaller(plan->rows, call->m - i);
  gemm_operand a = gemm_block_a(job, lane, matrix, block, rows);
  size_t p = 0;
  do {
    size_t depth = gemm_smaller(plan->depth, call->k - p);
    gemm_operand a_part = {a.start + (plan->by_rows ? p : p * a.step), a.step};
    for (size_t g = first; g < last; ++g) {
      size_t j = gemm_panel_begin(call->n, plan->panels, g);
      size_t columns = gemm_panel_begin(call->n, plan->panels, g + 1) - j;
      gemm_operand b = gemm_find_b(job, matrix, p, j, columns);
      /* B transposed is not fetched ahead: its lines run along p, as hardware expects. */
      gemm_operand next = {b.start, 0};
      if (g + 1 < last && (call->packed_b != NULL || call->b_column == 1)) {
        size_t j1 = j + columns;
        next = gemm_find_b(job, matrix, p, j1,
                           gemm_panel_begin(call->n, plan->panels, g + 2) - j1);
      }
      if (plan->packs_b || (plan->packs_last_b && g + 1 == plan->panels)) {
        gemm_pack_panel(depth, columns, b.start, call->b_row, call->b_column, lane->b);
        b = (gemm_operand){lane->b, gemm_round_up(columns, TK_LANES)};
      }
      gemm_tile tile = {.depth = depth,
                        .a_step = a.step,
                        .b = b.start,
                        .b_row = b.step,
                        .c = (float *)call->c + matrix * call->c_batch + i * call->c_row + j,
                        .c_row = call->c_row,
                        .add = call->accumulate || p > 0};
      gemm_column_of_tiles(tile, rows, columns, a_part, plan->by_rows, next, call, matrix, i, j,
                           p + depth == call->k);
    }
    p += depth;
  } while (p < call->k);
}

/* Takes units until none is left: many at once in the beginning, one at the end, so that threads
 * of different speed finish together. */
static void gemm_run_lane(void *data, size_t begin, size_t end) {
  /* Lane `begin` leaves nothing for the others of the range. */
  (void)end;
  gemm_job *job = data;
  const gemm_plan *plan = &job->plan;
  float *scratch = job->scratch + begin * (plan->scratch_a + plan->scratch_b);
  gemm_lane lane = {.a = scratch, .b = scratch + plan->scratch_a, .copied = SIZE_MAX};
  size_t unit = atomic_load_explicit(&job->next, memory_order_relaxed);
  for (;;) {
    size_t count;
    do {
      if (unit >= plan->units) return;
      count = plan->lanes == 1 ? GEMM_PANELS_AT_ONCE : (plan->units - unit) / (2 * plan->lanes);
      count = gemm_smaller(count == 0 ? 1 : count, plan->panels - unit % plan->panels);
    } while (!atomic_compare_exchange_weak_explicit(&job->next, &unit, unit + count,
                                                    memory_order_relaxed, memory_order_relaxed));
    size_t block = unit / plan->panels;
    size_t first = unit % plan->panels;
    gemm_block(job, &lane, block / plan->blocks, block % plan->blocks, first, first + count);
    unit = atomic_load_explicit(&job->next, memory_order_relaxed);
  }
}

/* Runs body over 0 ..< count on as many threads as `work`, in multiply-adds, is worth. */
static void gemm_share(tk_pool *pool, uint32_t threads, size_t count, size_t work,
                       tk_pool_body body, void *data) {
  uint32_t useful = (uint32_t)gemm_smaller(threads, work / GEMM_LANE_WORK);
  if (work < GEMM_WAKING_WORK) {
    tk_pool_run_short(pool, useful, count, 1, body, data);
  } else {
    tk_pool_run(pool, useful, count, 1, body, data);
  }
}

static size_t gemm_packed_bytes_f32(size_t n, size_t k) {
  return gemm_round_up(gemm_round_up(n, TK_LANES) * k * sizeof(float), 64);
}

typedef struct gemm_packing {
  size_t n, k;
  const float *b;
  size_t b_row, b_column;
  float *packed;
} gemm_packing;

static void gemm_run_packing(void *data, size_t begin, size_t end) {
  const gemm_packing *packing = data;
  size_t panels = gemm_panels(packing->n);
  /* Of rows a few at once, for all panels: what a page and the prefetcher bring is used up. */
  size_t most = packing->b_column == 1 ? 16 : packing->k;
  for (size_t p = 0; p < packing->k; p += most) {
    size_t depth = gemm_smaller(most, packing->k - p);
    for (size_t g = begin; g < end; ++g) {
      size_t j = gemm_panel_begin(packing->n, panels, g);
      size_t columns = gemm_panel_begin(packing->n, panels, g + 1) - j;
      const float *b = packing->b + p * packing->b_row + j * packing->b_column;
      float *panel = packing->packed + j * packing->k + p * gemm_round_up(columns, TK_LANES);
      gemm_pack_panel(depth, columns, b, packing->b_row, packing->b_column, panel);
    }
  }
}

/* Panel after panel, each for the whole of K. */
static void gemm_pack_b_f32(size_t n, size_t k, const void *b, size_t b_row, size_t b_column,
                            void *packed, tk_pool *pool, uint32_t threads) {
  gemm_packing packing = {n, k, b, b_row, b_column, packed};
  gemm_share(pool, threads, gemm_panels(n), n * k * GEMM_PACKING_COST, gemm_run_packing, &packing);
}

static size_t gemm_workspace_f32(const tk_gemm_call *call, uint32_t threads) {
  gemm_vector_product v;
  if (call->batch == 0 || call->m == 0 || call->n == 0) return 0;
  if (gemm_is_vector(call, 0, &v)) return 0;
  gemm_plan plan = gemm_make_plan(call, threads);
  if (plan.packs_whole_b) {
    tk_gemm_call packed = *call;
    packed.packed_b = call;
    return gemm_packed_bytes_f32(call->n, call->k) + gemm_workspace_f32(&packed, threads);
  }
  return plan.lanes * (plan.scratch_a + plan.scratch_b) * sizeof(float);
}

static void gemm_multiply_f32(const tk_gemm_call *call, void *workspace, tk_pool *pool,
                              uint32_t threads) {
  if (call->batch == 0 || call->m == 0 || call->n == 0) return;
  gemm_vector_product v;
  if (gemm_is_vector(call, 0, &v)) {
    size_t grains = (v.n + GEMM_VECTOR_GRAIN - 1) / GEMM_VECTOR_GRAIN;
    size_t work = call->batch * v.n * v.k * GEMM_VECTOR_COST;
    gemm_share(pool, threads, call->batch * grains, work, gemm_run_vectors, (void *)call);
    return;
  }
  gemm_job job = {.call = call, .plan = gemm_make_plan(call, threads), .scratch = workspace};
  if (job.plan.packs_whole_b) {
    gemm_pack_b_f32(call->n, call->k, call->b, call->b_row, call->b_column, workspace, pool,
                    threads);
    tk_gemm_call packed = *call;
    packed.packed_b = workspace;
    gemm_multiply_f32(&packed, (char *)workspace + gemm_packed_bytes_f32(call->n, call->k), pool,
                      threads);
    return;
  }
  gemm_share(pool, job.plan.lanes, job.plan.lanes, job.plan.work, gemm_run_lane, &job);
}
