/* Repairs of HLSL: annotations behind names, which the grammar does not know. */
#ifndef REPOMAP_HLSL_ANNOTATIONS_H_
#define REPOMAP_HLSL_ANNOTATIONS_H_

#include "repair_text.h"

/* `cbuffer Scene : register(b0) {` */
static inline size_t hlsl_repair_buffer(RepairText *repair, size_t end) {
  size_t name = repair_skip_space(repair, end), colon = repair_skip_space(repair, repair_word_end(repair, name));
  if (colon >= repair->size || repair->text[colon] != ':') return end;
  size_t brace = colon;
  while (brace < repair->size && brace - colon < REPAIR_LONGEST_GROUP && !strchr("{};=", repair->text[brace])) brace++;
  if (brace < repair->size && repair->text[brace] == '{') repair_blank(repair, colon, brace);
  return brace;
}

/* `uniform float Size < string label = "Size"; > = 1.0;`: no expression has a semicolon before its `>`. */
static inline void hlsl_repair_annotation(RepairText *repair, size_t end) {
  size_t start = repair_skip_space(repair, end), i = start + 1;
  uint8_t last = 0;
  if (start >= repair->size || repair->text[start] != '<') return;
  while (i < repair->size && repair->n_left && !strchr("<>{}", repair->text[i])) {
    size_t behind = repair_skip_quoted(repair, i);
    size_t n_looks = behind == i ? 1 : behind - i;
    if (behind == i && repair->text[i] > ' ') last = repair->text[i];
    repair->n_left -= n_looks < repair->n_left ? n_looks : repair->n_left;
    i += n_looks;
  }
  if (i >= repair->size || repair->text[i] != '>' || last != ';') return;
  size_t next = repair_skip_space(repair, i + 1);
  if (next < repair->size && strchr("=;{", repair->text[next])) repair_blank(repair, start, i + 1);
}

static inline void repair_hlsl(RepairText *repair) {
  static const char *const buffers[] = {"cbuffer", "tbuffer", NULL};
  for (size_t i = 0; i < repair->size;) {
    size_t behind = repair_skip_quoted(repair, i);
    if (behind != i || !repair_is_word(repair->text[i])) {
      i = behind == i ? i + 1 : behind;
      continue;
    }
    size_t start = i;
    i = repair_word_end(repair, i);
    if (repair_is_among(repair, start, i, buffers)) {
      i = hlsl_repair_buffer(repair, i);
    } else {
      hlsl_repair_annotation(repair, i);
    }
  }
}

#endif
