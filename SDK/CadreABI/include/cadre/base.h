/* cadre/base.h: the laws that every other header obeys, and the few types that all of them share.
 *
 * THE GROWTH RULE
 *   Every table and struct that may ever grow begins with `uint32_t size`: the offset of the end of
 *   the last field that its writer knows (not `sizeof`: tail padding would hide growth). Fields are
 *   only appended. Before a field is read, test that it is there:
 *
 *       if (CADRE_HAS(port, cadre_port, device)) ...
 *
 *   That macro on the generated constants CADRE_END_<type>_<field> (cadre/generated/ends.h) is the
 *   only legal test; never compare `size` with `==` and never copy a whole struct by value.
 *   For an out-struct the caller zeroes it and sets `size` to what it can hold; the callee writes
 *   no field that ends beyond that, and lowers `size` to the end of the last field that it knows.
 *   Frozen for ever, and so without `size`: cadre_str, cadre_dim, cadre_boot, and the foreign
 *   layouts of DLPack and Arrow.
 *   A function pointer may be NULL where its comment says "optional"; optional never becomes
 *   mandatory. What is new and separable is an extension found by id ("cadre.ops/1"), on either side.
 *
 * TEXT      UTF-8, pointer and length, not NUL-terminated.
 * OWNERSHIP The verb at each function says the owner. borrow: the owner keeps it; the comment says how
 *           long it lives. give: the callee owns it from then on, also when it fails. take: the caller
 *           owns it and must release it. Deleters are called once, from any thread; they do not block
 *           and do not call the host.
 * ERRORS    Every fallible call returns `cadre_error *`; NULL is success. See cadre/error.h.
 * THREADS   Each function carries one tag:
 *             [control] one at a time, and no job of that agent is alive
 *             [drain]   one at a time; jobs may be alive
 *             [job]     any thread; calls for one job never overlap
 *             [any]     any thread, at any time between open and close; returns within 1 ms
 *           The host calls `run` on threads of its own, never on a cooperative pool.
 * UNWINDING Nothing is thrown, unwound or long-jumped across this boundary, in either direction.
 *
 * CHANGELOG
 *   0.1  first shape. Until 1.0 host and plug-in must have the same minor version.
 *   0.2  cadre.ops/1: attributes of the full op list, `infer`, `define` with shape inference (its definition got
 *        counts and `infer`). cadre.tape/1: recomputed segments, `saved_bytes`. cadre.pool/1 is served.
 */
#ifndef CADRE_BASE_H
#define CADRE_BASE_H

#include <stddef.h>
#include <stdint.h>

#define CADRE_ABI_MAJOR 0
#define CADRE_ABI_MINOR 2

#ifdef __cplusplus
#define CADRE_BEGIN extern "C" {
#define CADRE_END }
#else
#define CADRE_BEGIN
#define CADRE_END
#endif

/* True when the struct behind `pointer`, of type `type`, holds `field`. */
#define CADRE_HAS(pointer, type, field) \
  ((pointer)->size >= (uint32_t)CADRE_END_##type##_##field)

CADRE_BEGIN

/* A piece of UTF-8 text, or of bytes where a comment says so. `data` may be NULL when `size` is 0.
 * Frozen. */
typedef struct cadre_str {
  const char *data;
  uint64_t size;
} cadre_str;

/* One agent's view of the host, the first argument of every call into the host. cadre/host.h. */
typedef struct cadre_host cadre_host;
/* One opened agent. cadre/agent.h. */
typedef struct cadre_agent cadre_agent;
/* An agent's own state for one award; opaque to the host. */
typedef struct cadre_assignment cadre_assignment;
/* A job's number: an index into a table of the host that never goes away, so a late call with an old
 * number is refused, not a crash. 0 is no job. */
typedef uint64_t cadre_job;

CADRE_END

#endif
