/* What differs between POSIX and Windows: pages, the clock, thread-local storage, counting across threads, reading a
 * file. Nothing else does. */
#ifndef REPOMAP_PLATFORM_H_
#define REPOMAP_PLATFORM_H_

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <sys/stat.h>
#include <sys/types.h>
#define REPOMAP_THREAD_LOCAL __declspec(thread)
#define REPOMAP_INLINE __forceinline
#define REPOMAP_UNLIKELY(condition) (condition)
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
/* glibc keeps spare static TLS for modules that are loaded late: one offset from the thread pointer instead of a
 * call for each allocation. musl keeps none and refuses to load such a module. */
#if defined(__GLIBC__)
#define REPOMAP_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define REPOMAP_THREAD_LOCAL __thread
#endif
#define REPOMAP_INLINE inline __attribute__((always_inline))
#define REPOMAP_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#endif

/* Pages straight from the system, zeroed; NULL when there are none. They go back to it at once when freed, which
 * malloc's own large blocks do not always do. */
static inline void *repomap_pages_new(size_t size) {
#ifdef _WIN32
  return VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
#endif
}

static inline void repomap_pages_delete(void *pages, size_t size) {
#ifdef _WIN32
  (void)size;
  VirtualFree(pages, 0, MEM_RELEASE);
#else
  munmap(pages, size);
#endif
}

/* Nanoseconds of a clock that never goes back. */
static inline int64_t repomap_clock_ns(void) {
#ifdef _WIN32
  LARGE_INTEGER ticks, frequency;
  QueryPerformanceCounter(&ticks);
  QueryPerformanceFrequency(&frequency);
  return (int64_t)((double)ticks.QuadPart * 1e9 / (double)frequency.QuadPart);
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

/* Count holders of something that several threads share. Who takes the last hold away sees all that the others did. */
static inline void repomap_count_up(volatile int32_t *count) {
#ifdef _MSC_VER
  InterlockedIncrement((volatile LONG *)count);
#else
  __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
#endif
}

static inline int32_t repomap_count_down(volatile int32_t *count) {
#ifdef _MSC_VER
  return (int32_t)InterlockedDecrement((volatile LONG *)count);
#else
  return __atomic_sub_fetch(count, 1, __ATOMIC_ACQ_REL);
#endif
}

/* Bytes that grow; owned by whoever holds the struct, freed with repomap_bytes_free. */
typedef struct {
  uint8_t *contents;
  size_t size;      /* bytes in use */
  size_t capacity;  /* bytes allocated */
} RepomapBytes;

static inline bool repomap_bytes_reserve(RepomapBytes *bytes, size_t capacity) {
  if (capacity <= bytes->capacity) return true;
  uint8_t *contents = (uint8_t *)realloc(bytes->contents, capacity);
  if (!contents) return false;
  bytes->contents = contents;
  bytes->capacity = capacity;
  return true;
}

static inline void repomap_bytes_free(RepomapBytes *bytes) {
  free(bytes->contents);
  memset(bytes, 0, sizeof *bytes);
}

static inline int repomap__open(const char *path) {
#ifdef _WIN32
  int length = MultiByteToWideChar(CP_UTF8, 0, path, -1, NULL, 0);
  if (length <= 0) {
    errno = EINVAL;
    return -1;
  }
  wchar_t *wide = (wchar_t *)malloc((size_t)length * sizeof(wchar_t));
  if (!wide) {
    errno = ENOMEM;
    return -1;
  }
  MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, length);
  int descriptor = _wopen(wide, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
  free(wide);
  return descriptor;
#else
  /* O_NONBLOCK: a file may have become a FIFO since it was found, and opening one waits for its writer.
   * O_NOFOLLOW: or a link out of the root. */
  int descriptor;
  do {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
#endif
}

/* Read the whole regular file at `path` (UTF-8 on Windows, the bytes themselves elsewhere) into `bytes`.
 *
 * Returns 0, or an errno: EFBIG for more than `max_size` bytes, EINVAL for what is not a regular file. */
static inline int repomap_read_file(const char *path, size_t max_size, RepomapBytes *bytes) {
  bytes->size = 0;
  int descriptor = repomap__open(path);
  if (descriptor < 0) return errno;
  int error = 0;
#ifdef _WIN32
  struct _stat64 status;
  bool is_regular = _fstat64(descriptor, &status) == 0 && (status.st_mode & _S_IFMT) == _S_IFREG;
#else
  struct stat status;
  bool is_regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
#endif
  if (!is_regular) {
    error = EINVAL;
  } else if ((uint64_t)status.st_size > max_size) {
    error = EFBIG;
  } else if (!repomap_bytes_reserve(bytes, (size_t)status.st_size + 1)) {
    error = ENOMEM;
  }
  /* One byte more than the size is asked for: the read that returns nothing proves the end, and a file that grows
   * meanwhile is seen. */
  while (!error) {
    size_t room = bytes->capacity - bytes->size;
    if (!room) {
      if (bytes->size > max_size) {
        error = EFBIG;
      } else if (!repomap_bytes_reserve(bytes, bytes->capacity * 2)) {
        error = ENOMEM;
      }
      continue;
    }
#ifdef _WIN32
    int n_read = _read(descriptor, bytes->contents + bytes->size, room > 1 << 30 ? 1 << 30 : (unsigned)room);
#else
    ssize_t n_read = read(descriptor, bytes->contents + bytes->size, room > 1 << 30 ? 1 << 30 : room);
#endif
    if (n_read == 0) break;
    if (n_read > 0) {
      bytes->size += (size_t)n_read;
    } else if (errno != EINTR) {
      error = errno;
    }
  }
#ifdef _WIN32
  _close(descriptor);
#else
  close(descriptor);
#endif
  if (!error && bytes->size > max_size) error = EFBIG;
  return error;
}

#endif
