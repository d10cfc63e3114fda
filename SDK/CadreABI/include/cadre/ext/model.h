/* cadre/ext/model.h: cadre.model/1, models: named tensors and metadata. */
#ifndef CADRE_EXT_MODEL_H
#define CADRE_EXT_MODEL_H

#include "../error.h"
#include "../value.h"

CADRE_BEGIN

#define CADRE_MODEL_ID "cadre.model/1"

typedef struct cadre_model_builder cadre_model_builder;

/* An out-struct; borrowed like the model. */
typedef struct cadre_model_info {
  uint32_t size;
  uint32_t reserved;
  /* The task that the model serves, and the format of its tensors, as its maker named them. */
  cadre_str task;
  cadre_str format;
  /* A JSON object of the maker's own; "labels" holds the classes in the order of their indices. */
  cadre_str metadata;
  uint64_t tensor_count;
} cadre_model_info;

/* What a new model is. */
typedef struct cadre_model_spec {
  uint32_t size;
  uint32_t reserved;
  cadre_str task;
  cadre_str format;
  cadre_str metadata;
} cadre_model_spec;

/* The extension's table; [job], and [control|drain] in `prepare`. */
typedef struct cadre_models {
  uint32_t size;
  uint32_t reserved;
  cadre_error *(*info)(const cadre_host *host, const cadre_model *model, cadre_model_info *out);
  /* The tensor at `index`, by name order. Either out may be NULL. Read-only, 64-byte aligned, row-major. borrow:
   * like the model. */
  cadre_error *(*tensor)(const cadre_host *host, const cadre_model *model, uint64_t index,
                         cadre_str *out_name, const DLTensor **out_tensor);
  /* The tensor of that name, or CADRE_NOT_FOUND naming those that are there. borrow: like the model. */
  cadre_error *(*find)(const cadre_host *host, const cadre_model *model, cadre_str name,
                       const DLTensor **out_tensor);
  /* Begins a new model. take: hand it to `finish` or `discard`. */
  cadre_error *(*begin)(const cadre_host *host, const cadre_model_spec *spec,
                        cadre_model_builder **out);
  /* Copies a row-major tensor into the model. */
  cadre_error *(*add)(const cadre_host *host, cadre_model_builder *builder, cadre_str name,
                      const DLTensor *tensor);
  /* Ends the building. give: the builder. The model is handed to `cadre_jobs.output`, which takes it. */
  cadre_error *(*finish)(const cadre_host *host, cadre_model_builder *builder,
                         const cadre_model **out);
  /* give */
  void (*discard)(const cadre_host *host, cadre_model_builder *builder);
} cadre_models;

CADRE_END

#endif
