#define _GNU_SOURCE
#include <SystemShimsC.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int shim_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int shim_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int shim_pipe_cloexec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int shim_spawn_close_from(posix_spawn_file_actions_t *actions, int lowest) {
  return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}

char *const *shim_environment(void) { return environ; }
