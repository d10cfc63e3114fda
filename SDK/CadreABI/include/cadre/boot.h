/* cadre/boot.h: the handshake. Frozen for ever, whatever the major version.
 *
 * A plug-in exports exactly one symbol, `cadre_entry_0` (the major version is in its name). The host
 * resolves it after `dlopen`, hands it a cadre_boot, and receives the image's module table, or NULL
 * after a call to `refuse` with a reason that a person can read.
 */
#ifndef CADRE_BOOT_H
#define CADRE_BOOT_H

#include "base.h"

CADRE_BEGIN

#define CADRE_ENTRY_NAME "cadre_entry_0"
enum { CADRE_BOOT_MAGIC = 0x45524443 /* the bytes C D R E in memory */ };

typedef struct cadre_module cadre_module;

typedef struct cadre_boot cadre_boot;
struct cadre_boot {
  uint32_t magic;
  uint16_t major;
  uint16_t minor;
  /* The host's own data. */
  void *data;
  /* [control] Says why the entry returns NULL. The text is copied. */
  void (*refuse)(const cadre_boot *boot, cadre_str reason);
};

/* [control] The entry. Called once an image. borrow: the module lives as long as the image, which is
 * never unmapped. A plug-in that needs another minor version refuses and returns NULL. */
typedef const cadre_module *(*cadre_entry)(const cadre_boot *boot);

/* What an author in C or C++ writes before `(const cadre_boot *boot) { ... }`. */
#ifdef __cplusplus
#define CADRE_ENTRY \
  extern "C" __attribute__((visibility("default"))) const cadre_module *cadre_entry_0
#else
#define CADRE_ENTRY __attribute__((visibility("default"))) const cadre_module *cadre_entry_0
#endif

CADRE_END

#endif
