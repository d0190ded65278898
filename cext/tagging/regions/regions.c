#include "regions.h"

#include "fences.h"
#include "markup.h"
#include "notebook.h"
#include "templates.h"

static bool regions_reserve(Arena *arena, RepomapBytes *bytes, size_t size) {
  return (!arena || arena_take(arena, size)) && repomap_bytes_reserve(bytes, size + 1);
}

ArenaVerdict repomap_find_regions(RegionsOf kind, Arena *arena, const uint8_t *text, size_t size, Regions *regions) {
  regions->guest = GUEST_NONE;
  regions->n_names = regions->n_apart = 0;
  const bool is_template = kind == REGIONS_ERB || kind == REGIONS_EJS;
  regions->parsed.size = regions->shown.size = regions->filled.size = 0;
  if (!regions_reserve(arena, &regions->parsed, size)) return ARENA_OUT_OF_MEMORY;
  if (kind == REGIONS_NOTEBOOK && !regions_reserve(arena, &regions->shown, size)) return ARENA_OUT_OF_MEMORY;
  if (is_template && !regions_reserve(arena, &regions->filled, size)) return ARENA_OUT_OF_MEMORY;
  if (is_template) regions->filled.size = size;
  Masking masking = {.text = text, .size = size, .out = regions->parsed.contents, .arena = arena, .regions = regions};
  regions->parsed.size = size;
  if (kind == REGIONS_NOTEBOOK) {
    mask_notebook(&masking);
  } else if (kind == REGIONS_FENCES) {
    find_fences(&masking);
  } else if (is_template) {
    mask_template(&masking, kind);
  } else {
    mask_markup(&masking, kind);
  }
  regions->last_row = masking.row - (masking.row && text[size - 1] == '\n');
  return masking.verdict;
}

void repomap_free_regions(Regions *regions) {
  repomap_bytes_free(&regions->parsed);
  repomap_bytes_free(&regions->shown);
  repomap_bytes_free(&regions->filled);
  repomap_bytes_free(&regions->cells);
  free(regions->names);
  free(regions->apart);
  memset(regions, 0, sizeof *regions);
}
