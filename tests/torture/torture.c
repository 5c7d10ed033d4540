/* SPDX-License-Identifier: MIT */
/* Makes one system call of a program fail: the N-th of its kind.
 *
 *   LD_PRELOAD=libtorture.so OWUP_TORTURE=write:3:28 OWUP_TORTURE_BELOW=$HOME \
 *     OWUP_TORTURE_LOG=log owup deploy x.py
 *
 * OWUP_TORTURE is KIND:N:ERRNO, or KIND:N+:ERRNO: the N-th call and all after it, as on a disk that
 * is full. Only what concerns a file below OWUP_TORTURE_BELOW (or named by a relative path) and IP
 * sockets is counted: what the libraries read for themselves is left alone. A failing call does
 * nothing, but a close(), which closes and fails, as the kernel's own does.
 *
 * Every call that fails is a line "KIND PATH" in OWUP_TORTURE_LOG, and with N = 0 every call that
 * is counted. The program's children are left alone.
 *
 * Not malloc(): GLib ends a program that gets no memory, by design. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FD_LIMIT 4096
#define LINE_LIMIT 4200

/* The function that stands behind ours. */
#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* What programs call that are compiled to check their own calls; no header tells of them. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
ssize_t __read_chk(int fd, void *data, size_t size, size_t room);
ssize_t __pread_chk(int fd, void *data, size_t size, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void *data, size_t size, off64_t at, size_t room);
ssize_t __recv_chk(int fd, void *data, size_t size, size_t room, int flags);

static bool armed;
static char kind_wanted[16];
static unsigned number_wanted;
static bool lasting;
static int code_wanted;
static const char *below;
static int log_fd = -1;
static atomic_uint count;
/* Whether a descriptor is one of a file below, or an IP socket. */
static atomic_bool counted[FD_LIMIT];

/* Before main(): nothing is counted that the loader does. */
__attribute__((constructor)) static void
torture_start(void)
{
  const char *order = getenv("OWUP_TORTURE");
  const char *log = getenv("OWUP_TORTURE_LOG");
  below = getenv("OWUP_TORTURE_BELOW");
  unsetenv("LD_PRELOAD");
  if (order == NULL || log == NULL || below == NULL)
    return;
  const char *number = strchr(order, ':');
  const char *code = number != NULL ? strchr(number + 1, ':') : NULL;
  if (code == NULL || (size_t)(number - order) >= sizeof kind_wanted)
    abort();
  char *end;
  memcpy(kind_wanted, order, (size_t)(number - order));
  number_wanted = (unsigned)strtoul(number + 1, &end, 10);
  lasting = *end == '+';
  code_wanted = (int)strtol(code + 1, NULL, 10);
  log_fd = NEXT(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  armed = log_fd >= 0;
}

static void
note(const char *kind, const char *what)
{
  char line[LINE_LIMIT];
  int length = snprintf(line, sizeof line, "%s %s\n", kind, what);
  ssize_t written = NEXT(write)(log_fd, line, (size_t)length);
  (void)written; /* a log that is not written fails the test by itself */
}

/* Whether this call is the one; errno is then set. */
static bool
fails(const char *kind, const char *what)
{
  if (number_wanted == 0) {
    note(kind, what);
    return false;
  }
  if (strcmp(kind, kind_wanted) != 0)
    return false;
  unsigned number = atomic_fetch_add(&count, 1) + 1;
  if (number != number_wanted && !(lasting && number > number_wanted))
    return false;
  note(kind, what);
  errno = code_wanted;
  return true;
}

static bool
is_below(const char *path)
{
  size_t length = armed ? strlen(below) : 0;
  return armed && path != NULL && *path != '\0' &&
         (*path != '/' || (strncmp(path, below, length) == 0 && path[length] == '/'));
}

static bool
is_counted(int fd)
{
  return armed && fd >= 0 && fd < FD_LIMIT && atomic_load(&counted[fd]);
}

static void
set_counted(int fd, bool yes)
{
  if (armed && fd >= 0 && fd < FD_LIMIT)
    atomic_store(&counted[fd], yes);
}

static bool
path_fails(const char *kind, const char *path)
{
  return is_below(path) && fails(kind, path);
}

static bool
fd_fails(const char *kind, int fd)
{
  char link_name[64];
  char what[LINE_LIMIT - 100] = "socket";
  if (!is_counted(fd))
    return false;
  if (number_wanted == 0 || strcmp(kind, kind_wanted) == 0) {
    snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link_name, what, sizeof what - 1);
    what[length > 0 ? length : 0] = '\0';
  }
  return fails(kind, what);
}

/* The macros make whole functions, and these are called as libc calls them.
 * NOLINTBEGIN(bugprone-macro-parentheses, readability-inconsistent-declaration-parameter-name) */

/* --- opening and closing --- */

static int
opened(int fd, const char *path)
{
  set_counted(fd, is_below(path));
  return fd;
}

static mode_t
mode_of(int flags, va_list args)
{
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
  int name(const char *path, int flags, ...)                                                       \
  {                                                                                                \
    va_list args;                                                                                  \
    va_start(args, flags);                                                                         \
    mode_t mode = mode_of(flags, args);                                                            \
    va_end(args);                                                                                  \
    return path_fails("open", path) ? -1 : opened(NEXT(name)(path, flags, mode), path);            \
  }

OPEN(open)
OPEN(open64)

#define OPEN_CHECKED(name)                                                                         \
  int name(const char *path, int flags)                                                            \
  {                                                                                                \
    return path_fails("open", path) ? -1 : opened(NEXT(name)(path, flags), path);                  \
  }

OPEN_CHECKED(__open_2)
OPEN_CHECKED(__open64_2)

DIR *
opendir(const char *path)
{
  return path_fails("open", path) ? NULL : NEXT(opendir)(path);
}

int
close(int fd)
{
  bool failing = fd_fails("close", fd);
  set_counted(fd, false);
  int result = NEXT(close)(fd);
  if (failing)
    errno = code_wanted;
  return failing ? -1 : result;
}

int
socket(int domain, int type, int protocol)
{
  bool ip = armed && (domain == AF_INET || domain == AF_INET6);
  if (ip && fails("socket", "socket"))
    return -1;
  int fd = NEXT(socket)(domain, type, protocol);
  set_counted(fd, ip);
  return fd;
}

/* --- what has a descriptor --- */

#define ON_FD(kind, type, failed, name, parameters, arguments)                                     \
  type name parameters                                                                             \
  {                                                                                                \
    return fd_fails(kind, fd) ? failed : NEXT(name) arguments;                                     \
  }

ON_FD("read", ssize_t, -1, read, (int fd, void *data, size_t size), (fd, data, size))
ON_FD("read", ssize_t, -1, __read_chk, (int fd, void *data, size_t size, size_t room),
      (fd, data, size, room))
ON_FD("read", ssize_t, -1, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at))
ON_FD("read", ssize_t, -1, pread64, (int fd, void *data, size_t size, off64_t at),
      (fd, data, size, at))
ON_FD("read", ssize_t, -1, __pread_chk, (int fd, void *data, size_t size, off_t at, size_t room),
      (fd, data, size, at, room))
ON_FD("read", ssize_t, -1, __pread64_chk,
      (int fd, void *data, size_t size, off64_t at, size_t room), (fd, data, size, at, room))
ON_FD("write", ssize_t, -1, write, (int fd, const void *data, size_t size), (fd, data, size))
ON_FD("write", ssize_t, -1, pwrite, (int fd, const void *data, size_t size, off_t at),
      (fd, data, size, at))
ON_FD("write", ssize_t, -1, pwrite64, (int fd, const void *data, size_t size, off64_t at),
      (fd, data, size, at))
ON_FD("sync", int, -1, fsync, (int fd), (fd))
ON_FD("sync", int, -1, fdatasync, (int fd), (fd))
ON_FD("truncate", int, -1, ftruncate, (int fd, off_t size), (fd, size))
ON_FD("truncate", int, -1, ftruncate64, (int fd, off64_t size), (fd, size))
ON_FD("mode", int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
ON_FD("stat", int, -1, fstat, (int fd, struct stat *st), (fd, st))
ON_FD("stat", int, -1, fstat64, (int fd, struct stat64 *st), (fd, st))
ON_FD("lock", int, -1, flock, (int fd, int how), (fd, how))
ON_FD("map", void *, MAP_FAILED, mmap,
      (void *at, size_t size, int protection, int flags, int fd, off_t offset),
      (at, size, protection, flags, fd, offset))
ON_FD("map", void *, MAP_FAILED, mmap64,
      (void *at, size_t size, int protection, int flags, int fd, off64_t offset),
      (at, size, protection, flags, fd, offset))
ON_FD("connect", int, -1, connect, (int fd, const struct sockaddr *address, socklen_t size),
      (fd, address, size))
ON_FD("send", ssize_t, -1, send, (int fd, const void *data, size_t size, int flags),
      (fd, data, size, flags))
ON_FD("recv", ssize_t, -1, recv, (int fd, void *data, size_t size, int flags),
      (fd, data, size, flags))
ON_FD("recv", ssize_t, -1, __recv_chk, (int fd, void *data, size_t size, size_t room, int flags),
      (fd, data, size, room, flags))

/* SQLite locks parts of a file. Giving a lock back never fails. */
static bool
is_locking(int command, const struct flock *lock)
{
  return (command == F_SETLK || command == F_SETLKW) && lock->l_type != F_UNLCK;
}

#define CONTROL(name)                                                                              \
  int name(int fd, int command, ...)                                                               \
  {                                                                                                \
    va_list args;                                                                                  \
    va_start(args, command);                                                                       \
    void *argument = va_arg(args, void *);                                                         \
    va_end(args);                                                                                  \
    if (is_locking(command, argument) && fd_fails("lock", fd))                                     \
      return -1;                                                                                   \
    return NEXT(name)(fd, command, argument);                                                      \
  }

CONTROL(fcntl)
CONTROL(fcntl64)

/* --- what has a path --- */

#define ON_PATH(kind, name, parameters, arguments)                                                 \
  int name parameters                                                                              \
  {                                                                                                \
    return path_fails(kind, path) ? -1 : NEXT(name) arguments;                                     \
  }

ON_PATH("rename", rename, (const char *path, const char *to), (path, to))
ON_PATH("link", link, (const char *path, const char *to), (path, to))
ON_PATH("unlink", unlink, (const char *path), (path))
ON_PATH("mkdir", mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH("stat", stat, (const char *path, struct stat *st), (path, st))
ON_PATH("stat", stat64, (const char *path, struct stat64 *st), (path, st))
ON_PATH("stat", lstat, (const char *path, struct stat *st), (path, st))
ON_PATH("stat", lstat64, (const char *path, struct stat64 *st), (path, st))
ON_PATH("stat", access, (const char *path, int mode), (path, mode))

/* NOLINTEND(bugprone-macro-parentheses, readability-inconsistent-declaration-parameter-name) */
