/* A sort whose cost no input can make worse, and which looks at the arena's clock: qsort() does neither everywhere. */
#ifndef REPOMAP_MERGE_SORT_H_
#define REPOMAP_MERGE_SORT_H_

#include "arena.h"

typedef int (*MergeCompare)(const void *left, const void *right);

#define MERGE_ITEMS_BETWEEN_CHECKS 65536

/* Sort `n` items in place, stably. `scratch` has room for as many. On another verdict than ARENA_RUNNING the order of
 * the items is undefined, and some of them may be lost. */
static inline ArenaVerdict merge_sort(
  const Arena *arena, void *items, void *scratch, size_t n, size_t item_size, MergeCompare compare
) {
  uint8_t *from = (uint8_t *)items, *to = (uint8_t *)scratch;
  size_t n_until_check = MERGE_ITEMS_BETWEEN_CHECKS;
  for (size_t run = 1; run < n; run = run > n / 2 ? n : run * 2) {
    for (size_t start = 0; start < n; start += 2 * run) {
      size_t middle = n - start > run ? start + run : n;
      size_t end = n - middle > run ? middle + run : n;
      size_t left = start, right = middle;
      for (size_t out = start; out < end; out++) {
        bool is_left =
            right == end || (left < middle && compare(from + left * item_size, from + right * item_size) <= 0);
        size_t taken = is_left ? left++ : right++;
        memcpy(to + out * item_size, from + taken * item_size, item_size);
        if (--n_until_check == 0) {
          n_until_check = MERGE_ITEMS_BETWEEN_CHECKS;
          ArenaVerdict verdict = arena_verdict(arena);
          if (verdict != ARENA_RUNNING) return verdict;
        }
      }
      if (end == n) break;
    }
    uint8_t *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != items) memcpy(items, from, n * item_size);
  return ARENA_RUNNING;
}

#endif
