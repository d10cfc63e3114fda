// oneDNN on its own: a matmul primitive, its weights in the layout that it asks for (packed ahead), bias and activation
// as its post-operation. Threads: OMP_NUM_THREADS.
#include <cstdio>
#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "contender.h"

using namespace dnnl;

namespace {

struct Product {
  engine cpu{engine::kind::cpu, 0};
  stream queue{cpu};
  memory x, w, b, y;
  matmul primitive;
  std::unordered_map<int, memory> arguments;
};

memory filled(const memory::desc &description, const engine &cpu) {
  memory made(description, cpu);
  auto *elements = static_cast<float *>(made.get_data_handle());
  uint32_t state = 1;
  for (size_t i = 0; i < description.get_size() / sizeof(float); i++) {
    state = state * 1664525u + 1013904223u;
    elements[i] = static_cast<float>(state >> 8) / 8388608.0f - 1;
  }
  return made;
}

Product *make(memory::dim m, memory::dim k, memory::dim n, bool packed, bool bias, bool gelu) {
  using tag = memory::format_tag;
  const auto f32 = memory::data_type::f32;
  auto *p = new Product;
  memory::desc x({m, k}, f32, tag::ab), plain({k, n}, f32, tag::ab), y({m, n}, f32, tag::ab);
  memory::desc w({k, n}, f32, packed ? tag::any : tag::ab), b({1, n}, f32, tag::ab);
  primitive_attr attributes;
  if (gelu) {
    post_ops after;
#if DNNL_VERSION_MAJOR >= 3
    after.append_eltwise(algorithm::eltwise_gelu_erf, 0, 0);
#else
    after.append_eltwise(1, algorithm::eltwise_gelu_erf, 0, 0);
#endif
    attributes.set_post_ops(after);
  }
#if DNNL_VERSION_MAJOR >= 3
  auto chosen = bias ? matmul::primitive_desc(p->cpu, x, w, b, y, attributes)
                     : matmul::primitive_desc(p->cpu, x, w, y, attributes);
#else
  auto wanted = bias ? matmul::desc(x, w, b, y) : matmul::desc(x, w, y);
  auto chosen = matmul::primitive_desc(wanted, attributes, p->cpu);
#endif
  p->primitive = matmul(chosen);
  p->x = filled(x, p->cpu);
  p->y = memory(y, p->cpu);
  p->w = filled(plain, p->cpu);
  if (chosen.weights_desc() != plain) {
    memory other(chosen.weights_desc(), p->cpu);
    reorder(p->w, other).execute(p->queue, p->w, other);
    p->queue.wait();
    p->w = other;
  }
  p->arguments = {{DNNL_ARG_SRC, p->x}, {DNNL_ARG_WEIGHTS, p->w}, {DNNL_ARG_DST, p->y}};
  if (bias) {
    p->b = filled(b, p->cpu);
    p->arguments.insert({DNNL_ARG_BIAS, p->b});
  }
  return p;
}

void call(void *data) {
  auto *p = static_cast<Product *>(data);
  p->primitive.execute(p->queue, p->arguments);
  p->queue.wait();
}

void end(void *data) { delete static_cast<Product *>(data); }

int prepare(void *, const char *words, uint32_t, contender_work *out,
            char reason[CONTENDER_REASON]) {
  long m, k, n;
  char last[16];
  bool linear = std::sscanf(words, "linear %ld %ld %ld %15s", &m, &k, &n, last) == 4;
  if (!linear && std::sscanf(words, "matmul %ld %ld %ld %15s", &m, &k, &n, last) != 4) return 0;
  try {
    bool gelu = std::strcmp(last, "gelu") == 0;
    bool packed = linear || std::strcmp(last, "packed") == 0;
    *out = contender_work{call, end, make(m, k, n, packed, linear, gelu)};
    return 1;
  } catch (const error &failure) {
    std::snprintf(reason, CONTENDER_REASON, "oneDNN: %s", failure.message);
    return 0;
  }
}

}  // namespace

int main(int argc, char **argv) {
  const auto *v = dnnl_version();
  auto about = "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
               std::to_string(v->patch);
  return contender_main(argc, argv, "onednn", about.c_str(), prepare, nullptr);
}
