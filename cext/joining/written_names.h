/* An interner whose strings may be written to files meanwhile. Written strings are not kept in memory: they are read
 * back, a page at a time, to compare them with a string that may be equal. In memory stay 4 bytes and a quarter for
 * each slot, and the pages that are read most.
 *
 * It reads instead of mapping: a mapping's pages would be resident as soon as they are touched, and a disk that is full
 * or breaks would be a signal, not an error. The holder of the struct owns it, but not the files' descriptors; zeroed
 * memory is empty. Not thread-safe. */
#ifndef REPOMAP_WRITTEN_NAMES_H_
#define REPOMAP_WRITTEN_NAMES_H_

#include "interner.h"

#define PAGE_BYTES 4096
#define N_PAGES 1024 /* 4 MiB of each file: of the Linux kernel's names, nine reads in ten are of these */

/* The last pages of a file that were asked for, each in the one slot that its number leads to. */
typedef struct {
  int descriptor;     /* -1 while nothing is written */
  uint8_t *pages;     /* (N_PAGES * PAGE_BYTES,) */
  uint64_t *numbers;  /* (N_PAGES,) of the page there, + 1; 0: none */
  uint32_t *sizes;    /* (N_PAGES,) bytes of it that were written when it was read */
  RepomapBytes piece; /* what crosses the bounds of pages, put together */
} PagedFile;

typedef struct {
  Interner unwritten;     /* numbered from 0 here; its slots are those of all strings, with their numbers among all */
  uint32_t n_written;
  uint64_t bytes_written;
  PagedFile offsets;      /* uint64, from 0: the bounds of the strings in ... */
  PagedFile bytes;
  int error;              /* errno of the read that failed; 0: there was no memory, or no number left */
} WrittenNames;

static inline void paged_file_free(PagedFile *file) {
  free(file->pages);
  free(file->numbers);
  free(file->sizes);
  repomap_bytes_free(&file->piece);
  memset(file, 0, sizeof *file);
}

static inline bool paged_file_reserve(PagedFile *file) {
  if (file->pages) return true;
  file->pages = (uint8_t *)malloc((size_t)N_PAGES * PAGE_BYTES);
  file->numbers = (uint64_t *)calloc(N_PAGES, sizeof *file->numbers);
  file->sizes = (uint32_t *)calloc(N_PAGES, sizeof *file->sizes);
  if (file->pages && file->numbers && file->sizes) return true;
  free(file->pages);
  free(file->numbers);
  free(file->sizes);
  file->pages = NULL;
  file->numbers = NULL;
  file->sizes = NULL;
  return false;
}

/* Return the page of that number with at least its first `size` bytes, or NULL with an errno. */
static inline const uint8_t *paged_file_page(PagedFile *file, uint64_t number, size_t size, int *error) {
  size_t slot = (size_t)number & (N_PAGES - 1);
  uint8_t *page = file->pages + slot * PAGE_BYTES;
  if (file->numbers[slot] == number + 1 && file->sizes[slot] >= size) return page;
  file->numbers[slot] = 0;
  int64_t n_read = repomap_read_at(file->descriptor, page, PAGE_BYTES, number * PAGE_BYTES);
  if (n_read < (int64_t)size) {
    /* What was written is no longer there. */
    *error = n_read < 0 ? errno : EIO;
    return NULL;
  }
  file->numbers[slot] = number + 1;
  file->sizes[slot] = (uint32_t)n_read;
  return page;
}

/* Return `size` bytes from `start` on, which last until the next call; or NULL, with an errno unless memory was
 * short. */
static inline const uint8_t *paged_file_view(PagedFile *file, uint64_t start, size_t size, int *error) {
  uint64_t number = start / PAGE_BYTES;
  size_t in_page = (size_t)(start % PAGE_BYTES);
  if (in_page + size <= PAGE_BYTES && size) {
    const uint8_t *page = paged_file_page(file, number, in_page + size, error);
    return page ? page + in_page : NULL;
  }
  if (!repomap_bytes_reserve(&file->piece, size ? size : 1)) return NULL;
  size_t n_copied = 0;
  while (n_copied < size) {
    size_t n = size - n_copied < PAGE_BYTES - in_page ? size - n_copied : PAGE_BYTES - in_page;
    const uint8_t *page = paged_file_page(file, number, in_page + n, error);
    if (!page) return NULL;
    memcpy(file->piece.contents + n_copied, page + in_page, n);
    n_copied += n;
    in_page = 0;
    number++;
  }
  return file->piece.contents;
}

static inline size_t written_names_count(const WrittenNames *names) {
  return (size_t)names->n_written + names->unwritten.count;
}

static inline bool written_names_bounds(WrittenNames *names, uint32_t id, uint64_t bounds_out[2]) {
  const uint8_t *bounds = paged_file_view(&names->offsets, (uint64_t)id * 8, 16, &names->error);
  if (!bounds) return false;
  memcpy(bounds_out, bounds, 16);
  if (bounds_out[0] <= bounds_out[1] && bounds_out[1] <= names->bytes_written) return true;
  names->error = EIO;
  return false;
}

/* Return a string and its size, or NULL as paged_file_view does: an InternerString. */
static inline const uint8_t *written_names_string(void *owner, uint32_t id, size_t *size_out) {
  WrittenNames *names = (WrittenNames *)owner;
  if (id >= names->n_written) return interner_string(&names->unwritten, id - names->n_written, size_out);
  uint64_t bounds[2];
  if (!written_names_bounds(names, id, bounds)) return NULL;
  *size_out = (size_t)(bounds[1] - bounds[0]);
  return paged_file_view(&names->bytes, bounds[0], *size_out, &names->error);
}

/* An InternerEqual. The bytes are read only if the length is equal. */
static inline int written_names_equal(void *owner, uint32_t id, const uint8_t *string, size_t size) {
  WrittenNames *names = (WrittenNames *)owner;
  if (id >= names->n_written) return interner_equal(&names->unwritten, id - names->n_written, string, size);
  uint64_t bounds[2];
  if (!written_names_bounds(names, id, bounds)) return -1;
  if (bounds[1] - bounds[0] != size) return 0;
  const uint8_t *found = paged_file_view(&names->bytes, bounds[0], size, &names->error);
  return found ? memcmp(found, string, size) == 0 : -1;
}

/* Return the id of the string, new or known, or INTERNER_FULL: then the struct is only to be freed, and `error` says
 * why. */
static inline uint32_t written_names_intern(WrittenNames *names, const uint8_t *string, size_t size) {
  Interner *unwritten = &names->unwritten;
  if (!names->n_written) return interner_intern(unwritten, string, size);
  size_t count = written_names_count(names);
  /* Growing reads the strings in the order of their bytes, so that each page is read once. */
  if (
    interner_is_full(unwritten, count) && !interner_grow_slots(unwritten, (uint32_t)count, written_names_string, names)
  ) {
    return INTERNER_FULL;
  }
  uint64_t hash = interner_hash(unwritten->seed, string, size);
  size_t slot = interner_probe(unwritten, string, size, hash, written_names_equal, names);
  if (slot == SIZE_MAX) return INTERNER_FULL;
  if (unwritten->slots[slot]) return unwritten->slots[slot] - 1;
  if (count >= INTERNER_FULL - 1 || !interner_append(unwritten, string, size)) return INTERNER_FULL;
  unwritten->slots[slot] = (uint32_t)count + 1;
  unwritten->hash_tops[slot] = (uint8_t)hash;
  return (uint32_t)count;
}

/* Forget the strings themselves: they are written, as uint64 offsets from 0 and bytes, to files open for reading.
 * Returns false where there is no memory. */
static inline bool written_names_forget(WrittenNames *names, int offsets_descriptor, int bytes_descriptor) {
  Interner *unwritten = &names->unwritten;
  if (!unwritten->count) return true;
  if (!paged_file_reserve(&names->offsets) || !paged_file_reserve(&names->bytes)) return false;
  names->offsets.descriptor = offsets_descriptor;
  names->bytes.descriptor = bytes_descriptor;
  names->n_written += unwritten->count;
  names->bytes_written += unwritten->bytes.size;
  unwritten->count = 0;
  unwritten->bytes.size = 0;
  free(unwritten->offsets);
  unwritten->offsets = NULL;
  unwritten->offsets_capacity = 0;
  repomap_bytes_free(&unwritten->bytes);
  return true;
}

static inline void written_names_free(WrittenNames *names) {
  interner_free(&names->unwritten);
  paged_file_free(&names->offsets);
  paged_file_free(&names->bytes);
  names->n_written = 0;
  names->bytes_written = 0;
}

#endif
