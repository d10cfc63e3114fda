/* SystemShimsC.h: the system calls that Swift's Glibc module does not show.
 *
 * Each is the plain call under another name; a failure returns -1 (or a positive error number where
 * said) and leaves errno as the call does.
 */
#ifndef SYSTEM_SHIMS_C_H
#define SYSTEM_SHIMS_C_H

#include <spawn.h>

/* The process is killed when the thread that started it ends. 0, or -1. */
int shim_die_with_parent(void);

/* A descriptor that becomes readable when the process ends, or -1 (a kernel before 5.3). */
int shim_pidfd_open(int pid);

/* pipe2 with O_CLOEXEC: no moment at which another thread's child could inherit the ends. */
int shim_pipe_cloexec(int ends[2]);

/* The child closes every descriptor from `lowest` on. 0, or an error number. */
int shim_spawn_close_from(posix_spawn_file_actions_t *actions, int lowest);

/* The environment as it is now; a null-terminated array of "NAME=value". borrow. */
char *const *shim_environment(void);

#endif
