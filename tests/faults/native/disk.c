// A disk that fails on command. Preloaded into the process under test, it
// stands between that and the kernel, for the files of an audit log.
//
// $AUDIT_DISK names a file with an order, `CALL ACTION NUMBER`, which is read
// again at each call:
//   CALL    write; sync; or, of the rename that gives a new log its name,
//           rename (before it) and renamed (after it)
//   ACTION  error (NUMBER is the errno), wait (NUMBER milliseconds), hang
//           (until there is another order), kill
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What is in the order: zero, or the errno with which the call fails.
static int obey(const char* call)
{
  const char* path = getenv("AUDIT_DISK");
  for (;;) {
    char text[64] = {0};
    char name[16] = {0};
    char action[16] = {0};
    int number = 0;

    const int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) {
      return 0;
    }
    const ssize_t length = read(file, text, sizeof(text) - 1);
    close(file);
    if (length <= 0 ||
        sscanf(text, "%15s %15s %d", name, action, &number) < 2 ||
        strcmp(name, call) != 0) {
      return 0;
    }
    if (strcmp(action, "error") == 0) {
      return number;
    }
    if (strcmp(action, "wait") == 0) {
      usleep((useconds_t)number * 1000);
      return 0;
    }
    if (strcmp(action, "kill") == 0) {
      kill(getpid(), SIGKILL);
    }
    usleep(10 * 1000);
  }
}


static int isLog(int descriptor)
{
  static const char end[] = ".jsonl";
  char link[64];
  char path[4096];

  snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof(path));
  const ssize_t size = sizeof(end) - 1;
  return length > size && length < (ssize_t)sizeof(path) &&
         memcmp(path + length - size, end, (size_t)size) == 0;
}


// The order is not read for other files, so that what reads it is not called
// by itself.
static int fails(const char* call, int descriptor)
{
  const int error = isLog(descriptor) ? obey(call) : 0;
  if (error != 0) {
    errno = error;
  }
  return error != 0;
}


ssize_t write(int descriptor, const void* bytes, size_t count)
{
  ssize_t (*next)(int, const void*, size_t) = dlsym(RTLD_NEXT, "write");
  return fails("write", descriptor) ? -1 : next(descriptor, bytes, count);
}


int fdatasync(int descriptor)
{
  int (*next)(int) = dlsym(RTLD_NEXT, "fdatasync");
  return fails("sync", descriptor) ? -1 : next(descriptor);
}


int fsync(int descriptor)
{
  int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
  return fails("sync", descriptor) ? -1 : next(descriptor);
}


int renameat2(
    int fromDirectory,
    const char* from,
    int toDirectory,
    const char* to,
    unsigned int flags)
{
  int (*next)(int, const char*, int, const char*, unsigned int) =
      dlsym(RTLD_NEXT, "renameat2");
  // What is not finished has a name that begins with a dot.
  const char* slash = strrchr(from, '/');
  const int isNew = slash != NULL && slash[1] == '.';

  const int error = isNew ? obey("rename") : 0;
  if (error != 0) {
    errno = error;
    return -1;
  }
  const int result = next(fromDirectory, from, toDirectory, to, flags);
  if (result == 0 && isNew) {
    obey("renamed");
  }
  return result;
}
