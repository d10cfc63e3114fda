/* majority.c: a whole agent in one C file. It decides for a team by averaging its members'
 * probabilities (a linear opinion pool), where the host by itself adds weighted logarithms. */
#include <cadre/cadre.h>
#include <math.h>
#include <stdlib.h>

#define STR(text) {text, sizeof(text) - 1}
#define END(type, field) ((uint32_t)CADRE_END_##type##_##field)
#define TENSOR(symbols, count) \
  {.size = END(cadre_port, dim_count), .kind = CADRE_KIND_TENSOR, .name = STR("logp"), \
   .dtypes = 1u << CADRE_F32, .dims = symbols, .dim_count = count}

typedef struct {
  cadre_agent table;
  const cadre_host *host;
} agent;

static cadre_error *fail(const cadre_host *host, uint32_t code, cadre_str message) {
  return host->error(host, code, message, (cadre_str)STR("logp"));
}

/* What the agent offers: constant data. Symbols bind sizes; max < 0 is no bound. */
static const cadre_dim dims[] = {
    {STR("team"), 1, -1, -1}, {STR("rows"), 0, -1, -1}, {STR("classes"), 2, -1, -1}};
static const cadre_port logp_in = TENSOR(dims, 3), logp_out = TENSOR(dims + 1, 2);
static const cadre_port *const inputs[] = {&logp_in}, *const outputs[] = {&logp_out};
static const cadre_offer offer = {
    .size = END(cadre_offer, max_jobs), .task = STR("collaborate.policy/1"),
    .about = STR("averages the members' probabilities"),
    .flags = CADRE_OFFER_DETERMINISTIC | CADRE_OFFER_IDEMPOTENT, .max_jobs = 16,
    .inputs = inputs, .input_count = 1, .outputs = outputs, .output_count = 1};

static uint32_t offer_count(cadre_agent *self) { return (void)self, 1; }

static const cadre_offer *get_offer(cadre_agent *self, uint32_t index) {
  return (void)self, index == 0 ? &offer : NULL;
}

/* No settings and no model: the agent itself serves as the assignment. */
static cadre_error *prepare(cadre_agent *self, const cadre_award *award, cadre_assignment **out) {
  *out = (cadre_assignment *)self;
  return (void)award, NULL;
}

static void release(cadre_agent *self, cadre_assignment *given) { (void)self, (void)given; }

/* y[i] = log(mean over m of exp(x[m * n + i])); the maximum is taken out against overflow. */
static void pool(const float *x, float *y, int64_t members, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double sum = 0;
    float top = -INFINITY;
    for (int64_t m = 0; m < members; m++) top = fmaxf(top, x[m * n + i]);
    for (int64_t m = 0; m < members && top > -INFINITY; m++) sum += exp(x[m * n + i] - top);
    y[i] = top > -INFINITY ? (float)(top + log(sum / (double)members)) : top;
  }
}

static cadre_error *run(
    cadre_agent *self, cadre_assignment *assignment, cadre_job job, uint32_t *out_state) {
  const cadre_host *host = ((agent *)self)->host;
  (void)assignment;
  cadre_value value = {.size = END(cadre_value, tensor)};
  cadre_error *error = host->jobs->input(host, job, (cadre_str)STR("logp"), &value);
  if (error) return error;
  const DLTensor *x = value.tensor;
  if (value.kind != CADRE_KIND_TENSOR || !x || x->ndim != 3 || x->dtype.code != kDLFloat ||
      x->dtype.bits != 32 || x->shape[0] < 1)
    return fail(host, CADRE_INVALID_ARGUMENT,
                (cadre_str)STR("expected a tensor f32 [team, rows, classes]"));
  cadre_tensor_request request = {.size = END(cadre_tensor_request, rank), .dtype = CADRE_F32,
                                  .shape = x->shape + 1, .rank = 2};
  void *y = NULL;
  error = host->jobs->allocate(host, job, (cadre_str)STR("logp"), &request, &y);
  if (error) return error;
  const float *from = (const float *)((const char *)x->data + x->byte_offset);
  pool(from, y, x->shape[0], x->shape[1] * x->shape[2]);
  *out_state = CADRE_FINISHED;
  return NULL;
}

static void close_agent(cadre_agent *self) { free(self); }

static cadre_error *open_agent(
    const cadre_module *self, const cadre_host *host, cadre_str config, cadre_agent **out) {
  (void)self, (void)config;
  agent *made = calloc(1, sizeof *made);
  if (!made) return fail(host, CADRE_RESOURCE_EXHAUSTED, (cadre_str)STR("no memory"));
  made->host = host;
  made->table = (cadre_agent){
      .size = END(cadre_agent, close), .offer_count = offer_count, .offer = get_offer,
      .prepare = prepare, .run = run, .release = release, .close = close_agent};
  *out = &made->table;
  return NULL;
}

static const cadre_module module = {
    .size = END(cadre_module, open), .id = STR("org.example.majority"), .version = STR("1.0.0"),
    .about = STR("a team's decision by the mean of its probabilities"), .open = open_agent};

/* The same minor version means that the host has every field that this header knows. */
CADRE_ENTRY(const cadre_boot *boot) {
  if (boot->magic == CADRE_BOOT_MAGIC && boot->major == CADRE_ABI_MAJOR &&
      boot->minor == CADRE_ABI_MINOR)
    return &module;
  boot->refuse(boot, (cadre_str)STR("built for another version of the Cadre ABI: rebuild it"));
  return NULL;
}
