/* The parts of a text that are in another language than the rest: finds them, and blanks out all else.
 *
 * The text that is parsed is as long as the one that was read, and has the same rows: rows, columns and bytes of what
 * is found in it are those of the file. A notebook is the exception: its strings are decoded, each on its own row.
 *
 * One pass over the text, in time linear in it. */
#ifndef REPOMAP_REGIONS_H_
#define REPOMAP_REGIONS_H_

#include "arena.h"

/* How the regions of a text are marked. The order is that of languages/table.py, REGIONS. */
typedef enum {
  REGIONS_NONE,
  REGIONS_HTML,
  REGIONS_VUE,
  REGIONS_SVELTE,
  REGIONS_ASTRO,
  REGIONS_ERB,
  REGIONS_EJS,
  REGIONS_NOTEBOOK,
  REGIONS_FENCES
} RegionsOf;

/* The languages of regions. The order is that of languages/table.py, GUESTS. */
typedef enum {
  GUEST_JAVASCRIPT,
  GUEST_TYPESCRIPT,
  GUEST_TSX,
  GUEST_PYTHON,
  GUEST_R,
  GUEST_RUBY,
  GUEST_SCALA,
  GUEST_BASH,
  GUEST_C,
  GUEST_CPP,
  GUEST_CSHARP,
  GUEST_CSS,
  GUEST_DART,
  GUEST_ELIXIR,
  GUEST_GO,
  GUEST_HASKELL,
  GUEST_JAVA,
  GUEST_KOTLIN,
  GUEST_LUA,
  GUEST_PHP,
  GUEST_RUST,
  GUEST_SQL,
  GUEST_SWIFT,
  N_GUESTS,
  GUEST_NONE = N_GUESTS
} Guest;

/* A region that is parsed by itself, as if it were a file. */
typedef struct {
  uint32_t start, end;    /* bytes */
  uint32_t row, column;   /* of the start; zero-based; bytes */
  Guest guest;
} ApartRegion;

/* The name of an element that is a component, in a text of markup. */
typedef struct {
  uint32_t start, end;    /* bytes */
  uint32_t row, column;   /* zero-based; bytes */
} ComponentName;

typedef struct {
  RepomapBytes parsed;    /* the text with blanks for all that is not of the guest */
  RepomapBytes shown;     /* of a notebook: the decoded text, with the same rows and bytes */
  Guest guest;            /* the language of the regions; GUEST_NONE where there is none */
  uint32_t last_row;      /* of the text; zero-based */
  ComponentName *names;   /* (n_names,) rising; owned, as the bytes are */
  size_t n_names, names_capacity;
  ApartRegion *apart;     /* (n_apart,) rising; owned: regions of other languages than `guest` */
  size_t n_apart, apart_capacity;
  RepomapBytes filled;    /* of a template: the text in which regions apart are read; else empty */
  RepomapBytes cells;     /* scratch: of a notebook, the cells of code */
} Regions;

/* Find the regions of a text of UTF-8; unless the verdict is ARENA_RUNNING, what was found means nothing. `regions` is
 * zeroed memory or was used before. `arena` has the file's budget; NULL where there is none. */
ArenaVerdict repomap_find_regions(RegionsOf kind, Arena *arena, const uint8_t *text, size_t size, Regions *regions);

void repomap_free_regions(Regions *regions);

#endif
