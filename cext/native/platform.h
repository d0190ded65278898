/* What differs between POSIX and Windows: pages, the clock, thread-local storage, counting across threads, reading a
 * file, asking what stands at a path. Nothing else does. */
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
#include <intrin.h>
#include <io.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#define REPOMAP_THREAD_LOCAL __declspec(thread)
#define REPOMAP_INLINE __forceinline
#define REPOMAP_UNLIKELY(condition) (condition)
#define REPOMAP_PREFETCH(pointer) ((void)(pointer))
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
/* glibc keeps spare static TLS for modules that are loaded late: one offset from the thread pointer instead of a
 * call for each allocation. musl keeps none and refuses to load such a module. */
#if defined(__GLIBC__)
#define REPOMAP_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define REPOMAP_THREAD_LOCAL __thread
#endif
#define REPOMAP_INLINE inline __attribute__((always_inline))
#define REPOMAP_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define REPOMAP_PREFETCH(pointer) __builtin_prefetch(pointer)
#endif

/* Where the stack is now, near enough to say how much of it lies between two calls. */
static REPOMAP_INLINE uintptr_t repomap_stack_address(void) {
#ifdef _MSC_VER
  return (uintptr_t)_AddressOfReturnAddress();
#else
  return (uintptr_t)__builtin_frame_address(0);
#endif
}

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

/* Return freed memory to the system, which the C library would keep for the next caller. */
static inline void repomap_give_back_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

#define REPOMAP_LARGE_BYTES (1 << 20)

/* From now on take each large piece of memory from the system, and give it back when it is freed. The C library would
 * raise its bound for that with each large piece that is freed, up to 32 MB; then what lives on between freed pieces
 * keeps them all. */
static inline void repomap_keep_large_apart(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, REPOMAP_LARGE_BYTES);
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

/* Bytes that grow; owned by the holder of the struct, freed with repomap_bytes_free. */
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

/* Read up to `size` bytes at `offset`, wherever the descriptor stands. Returns how many, fewer only at the file's end;
 * -1 with errno. On Windows nobody else may use the descriptor meanwhile. */
static inline int64_t repomap_read_at(int descriptor, uint8_t *bytes_out, size_t size, uint64_t offset) {
  size_t n_done = 0;
#ifdef _WIN32
  if (_lseeki64(descriptor, (int64_t)offset, SEEK_SET) < 0) return -1;
#endif
  while (n_done < size) {
    size_t wanted = size - n_done > 1 << 30 ? 1 << 30 : size - n_done;
#ifdef _WIN32
    int n_read = _read(descriptor, bytes_out + n_done, (unsigned)wanted);
#else
    ssize_t n_read = pread(descriptor, bytes_out + n_done, wanted, (off_t)(offset + n_done));
#endif
    if (n_read == 0) break;
    if (n_read > 0) {
      n_done += (size_t)n_read;
    } else if (errno != EINTR) {
      return -1;
    }
  }
  return (int64_t)n_done;
}

/* What stands at a path. */
enum {
  REPOMAP_KIND_MISSING, /* nothing, or nothing that this process may know of */
  REPOMAP_KIND_FILE,
  REPOMAP_KIND_FOLDER,
  REPOMAP_KIND_LINK,
  REPOMAP_KIND_OTHER,
};

/* All zero but `kind` for what is missing. Windows gives neither `ctime_ns` nor `inode` without opening the file. */
typedef struct {
  int64_t size_bytes;
  int64_t mtime_ns;  /* since 1970, as the other */
  int64_t ctime_ns;
  uint64_t inode;
  uint8_t kind;
} RepomapInode;

/* A folder from which paths are looked up, made with repomap_folder_open. */
typedef struct {
#ifdef _WIN32
  wchar_t *path;          /* owned; its first `prefix_length` units are the folder, with a slash at the end */
  size_t prefix_length;
  size_t capacity;
#else
  int descriptor;
#endif
} RepomapFolder;

#ifdef _WIN32
/* Put `path` behind the folder's own; returns false where it is no UTF-8 or there is no memory. */
static inline bool repomap__folder_append(RepomapFolder *folder, const char *path) {
  int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
  if (length <= 0) return false;
  size_t needed = folder->prefix_length + (size_t)length + 1;
  if (needed > folder->capacity) {
    wchar_t *wide = (wchar_t *)realloc(folder->path, 2 * needed * sizeof(wchar_t));
    if (!wide) return false;
    folder->path = wide;
    folder->capacity = 2 * needed;
  }
  return MultiByteToWideChar(CP_UTF8, 0, path, -1, folder->path + folder->prefix_length, length) == length;
}

static inline int64_t repomap__file_time_ns(FILETIME time) {
  /* Steps of 100 ns since 1601, of which 1970 is this many away. */
  int64_t steps = (int64_t)(((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime);
  return (steps - INT64_C(116444736000000000)) * 100;
}

/* Whether the path stands for another one; deduplicated or compressed files are marked as such links are. */
static inline bool repomap__is_link(const wchar_t *path) {
  WIN32_FIND_DATAW found;
  HANDLE search = FindFirstFileW(path, &found);
  if (search == INVALID_HANDLE_VALUE) return true;
  FindClose(search);
  return IsReparseTagNameSurrogate(found.dwReserved0);
}
#else
/* Nanoseconds since 1970. A time that is centuries away wraps: it still differs from every other. */
static inline int64_t repomap__time_ns(int64_t seconds, int64_t nanoseconds) {
  return (int64_t)((uint64_t)seconds * 1000000000 + (uint64_t)nanoseconds);
}
#endif

/* Returns false where the folder at `path` cannot be opened; then there is nothing to close. */
static inline bool repomap_folder_open(RepomapFolder *folder, const char *path) {
#ifdef _WIN32
  memset(folder, 0, sizeof *folder);
  if (!repomap__folder_append(folder, path)) {
    free(folder->path);
    return false;
  }
  folder->prefix_length = wcslen(folder->path);
  folder->path[folder->prefix_length++] = L'/';
  return true;
#else
  do {
    folder->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  } while (folder->descriptor < 0 && errno == EINTR);
  return folder->descriptor >= 0;
#endif
}

static inline void repomap_folder_close(RepomapFolder *folder) {
#ifdef _WIN32
  free(folder->path);
#else
  close(folder->descriptor);
#endif
}

/* Look up `path` below the folder, without following it if it is a link; the folders on its way are followed. */
static inline void repomap_folder_look_up(RepomapFolder *folder, const char *path, RepomapInode *inode_out) {
  memset(inode_out, 0, sizeof *inode_out);
  inode_out->kind = REPOMAP_KIND_MISSING;
#ifdef _WIN32
  WIN32_FILE_ATTRIBUTE_DATA status;
  /* In a path of ours they are neither separators nor drives; Windows would take them for such. */
  if (strpbrk(path, "\\:") || !repomap__folder_append(folder, path)) return;
  if (!GetFileAttributesExW(folder->path, GetFileExInfoStandard, &status)) return;
  if ((status.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && repomap__is_link(folder->path)) {
    inode_out->kind = REPOMAP_KIND_LINK;
  } else if (status.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
    inode_out->kind = REPOMAP_KIND_FOLDER;
  } else if (status.dwFileAttributes & FILE_ATTRIBUTE_DEVICE) {
    inode_out->kind = REPOMAP_KIND_OTHER;
  } else {
    inode_out->kind = REPOMAP_KIND_FILE;
  }
  inode_out->size_bytes = (int64_t)(((uint64_t)status.nFileSizeHigh << 32) | status.nFileSizeLow);
  inode_out->mtime_ns = repomap__file_time_ns(status.ftLastWriteTime);
#else
  struct stat status;
  if (fstatat(folder->descriptor, path, &status, AT_SYMLINK_NOFOLLOW)) return;
  inode_out->kind = S_ISREG(status.st_mode)   ? REPOMAP_KIND_FILE
                    : S_ISDIR(status.st_mode) ? REPOMAP_KIND_FOLDER
                    : S_ISLNK(status.st_mode) ? REPOMAP_KIND_LINK
                                              : REPOMAP_KIND_OTHER;
  inode_out->size_bytes = (int64_t)status.st_size;
  inode_out->inode = (uint64_t)status.st_ino;
#ifdef __APPLE__
  inode_out->mtime_ns = repomap__time_ns(status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec);
  inode_out->ctime_ns = repomap__time_ns(status.st_ctimespec.tv_sec, status.st_ctimespec.tv_nsec);
#else
  inode_out->mtime_ns = repomap__time_ns(status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  inode_out->ctime_ns = repomap__time_ns(status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
#endif
#endif
}

#endif
