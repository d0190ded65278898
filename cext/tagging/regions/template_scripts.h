/* Scripts of pages that templates write: <script> in ERB and EJS, with code between <% and %> in it.
 *
 * They are read in a copy of the text in which each such place is filled, so that rows, columns and bytes stay: a value
 * that is written there with a name, code that writes nothing with blanks. */
#ifndef REPOMAP_TEMPLATE_SCRIPTS_H_
#define REPOMAP_TEMPLATE_SCRIPTS_H_

#include "markup.h"

/* Fill the bytes from `start` to `end` of the copy: a name ends with its row. */
static inline void template_fill(Masking *masking, size_t start, size_t end, bool is_value) {
  uint8_t *out = masking->regions->filled.contents;
  for (size_t i = start; i < end; i++) {
    if (out[i] == '\n' || out[i] == '\r') is_value = false;
    if (out[i] != '\n' && out[i] != '\r') out[i] = is_value ? '_' : ' ';
  }
}

/* Note the scripts of the copy, each as a file of its own; return what became of that. */
static inline ArenaVerdict template_find_scripts(const Masking *template) {
  Regions *regions = template->regions;
  Masking masking = {
    .text = regions->filled.contents, .size = template->size, .arena = template->arena, .regions = regions};
  Markup markup = {.masking = &masking, .kind = REGIONS_HTML};
  const uint8_t *text = masking.text;
  size_t at = 0;
  while (masking.verdict == ARENA_RUNNING && (at = mask_find(&masking, at, '<')) + 1 < masking.size) {
    if (mask_has(&masking, at, "<!--", 4)) {
      at = markup_comment_end(&masking, at);
      continue;
    }
    size_t name = ++at;
    while (at < masking.size && !mask_is_space(text[at]) && text[at] != '/' && text[at] != '>' && text[at] != '<') at++;
    if (!markup_is(&markup, name, at - name, "script")) continue;
    MarkupTag tag = markup_tag(&markup, at);
    if (tag.end == masking.size) break;
    size_t end = markup_end_of(&masking, tag.end, name, at - name);
    Guest guest = markup_guest(&markup, &tag);
    mask_pass(&masking, tag.end);
    if (guest != GUEST_NONE && end > tag.end) mask_note_apart(&masking, guest, tag.end, end);
    at = end;
  }
  return masking.verdict;
}

#endif
