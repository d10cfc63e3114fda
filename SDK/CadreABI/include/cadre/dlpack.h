/* cadre/dlpack.h: the tensor layout of DLPack 1.x, as published at https://dmlc.github.io/dlpack.
 * Restated here so that an agent needs no other header; skipped when dlpack.h came first.
 * Checked against numpy in the tests. Foreign and frozen: no `size`, and a deleter may be NULL. */
#ifndef CADRE_DLPACK_H
#define CADRE_DLPACK_H

#include "base.h"

#ifndef DLPACK_DLPACK_H_
#define DLPACK_DLPACK_H_

CADRE_BEGIN

#define DLPACK_MAJOR_VERSION 1
#define DLPACK_MINOR_VERSION 0
#define DLPACK_FLAG_BITMASK_READ_ONLY (1UL << 0UL)

typedef struct {
  uint32_t major;
  uint32_t minor;
} DLPackVersion;

/* Device types and type codes that Cadre uses. */
enum { kDLCPU = 1 };
enum { kDLInt = 0, kDLUInt = 1, kDLFloat = 2, kDLBfloat = 4, kDLBool = 6 };

typedef struct {
  int32_t device_type;
  int32_t device_id;
} DLDevice;

typedef struct {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} DLDataType;

typedef struct {
  void *data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape;
  int64_t *strides; /* in elements; NULL: row-major */
  uint64_t byte_offset;
} DLTensor;

typedef struct DLManagedTensor {
  DLTensor dl_tensor;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;

typedef struct DLManagedTensorVersioned {
  DLPackVersion version;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned *self);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;

CADRE_END

#endif
#endif
