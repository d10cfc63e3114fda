/* Prints the foreign layouts as this compiler lays them out, as JSON: struct -> [size, {field: offset}]. */
#include <cadre/cadre.h>
#include <stdio.h>

#define FIELD(type, field) printf("%s\"%s\": %zu", first ? "" : ", ", #field, offsetof(type, field)), first = 0
#define BEGIN(type) first = 1, printf("%s\"%s\": [%zu, {", any ? ",\n" : "{", #type, sizeof(type)), any = 1
#define END printf("}]")

int main(void) {
  int first = 1, any = 0;
  typedef struct ArrowSchema ArrowSchema;
  typedef struct ArrowArray ArrowArray;
  typedef struct ArrowArrayStream ArrowArrayStream;
  BEGIN(DLTensor);
  FIELD(DLTensor, data);
  FIELD(DLTensor, device.device_type);
  FIELD(DLTensor, device.device_id);
  FIELD(DLTensor, ndim);
  FIELD(DLTensor, dtype.code);
  FIELD(DLTensor, dtype.bits);
  FIELD(DLTensor, dtype.lanes);
  FIELD(DLTensor, shape);
  FIELD(DLTensor, strides);
  FIELD(DLTensor, byte_offset);
  END;
  BEGIN(DLManagedTensor);
  FIELD(DLManagedTensor, dl_tensor);
  FIELD(DLManagedTensor, manager_ctx);
  FIELD(DLManagedTensor, deleter);
  END;
  BEGIN(DLManagedTensorVersioned);
  FIELD(DLManagedTensorVersioned, version.major);
  FIELD(DLManagedTensorVersioned, version.minor);
  FIELD(DLManagedTensorVersioned, manager_ctx);
  FIELD(DLManagedTensorVersioned, deleter);
  FIELD(DLManagedTensorVersioned, flags);
  FIELD(DLManagedTensorVersioned, dl_tensor);
  END;
  BEGIN(ArrowSchema);
  FIELD(ArrowSchema, format);
  FIELD(ArrowSchema, name);
  FIELD(ArrowSchema, metadata);
  FIELD(ArrowSchema, flags);
  FIELD(ArrowSchema, n_children);
  FIELD(ArrowSchema, children);
  FIELD(ArrowSchema, dictionary);
  FIELD(ArrowSchema, release);
  FIELD(ArrowSchema, private_data);
  END;
  BEGIN(ArrowArray);
  FIELD(ArrowArray, length);
  FIELD(ArrowArray, null_count);
  FIELD(ArrowArray, offset);
  FIELD(ArrowArray, n_buffers);
  FIELD(ArrowArray, n_children);
  FIELD(ArrowArray, buffers);
  FIELD(ArrowArray, children);
  FIELD(ArrowArray, dictionary);
  FIELD(ArrowArray, release);
  FIELD(ArrowArray, private_data);
  END;
  BEGIN(ArrowArrayStream);
  FIELD(ArrowArrayStream, get_schema);
  FIELD(ArrowArrayStream, get_next);
  FIELD(ArrowArrayStream, get_last_error);
  FIELD(ArrowArrayStream, release);
  FIELD(ArrowArrayStream, private_data);
  END;
  printf("}\n");
  return 0;
}
