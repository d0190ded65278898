/* Templates with code between <% and %>: ERB and EJS. */
#ifndef REPOMAP_TEMPLATES_H_
#define REPOMAP_TEMPLATES_H_

#include "template_scripts.h"

/* Where the code ends that begins at `at`: the byte of its `%>`, or the size of the text. */
static inline size_t template_end(const Masking *masking, RegionsOf kind, size_t at) {
  size_t end = mask_find(masking, at + 1, '>');
  while (end < masking->size) {
    /* In ERB, %%> stands for the text %>. */
    bool is_written = kind == REGIONS_ERB && end >= at + 2 && masking->text[end - 2] == '%';
    if (masking->text[end - 1] == '%' && !is_written) return end - 1;
    end = mask_find(masking, end + 1, '>');
  }
  return masking->size;
}

/* Where the code begins that stands from `start` to `end`: behind a comment that it begins with. */
static inline size_t template_start(const Masking *masking, RegionsOf kind, size_t start, size_t end) {
  size_t at = start;
  while (at < end && mask_is_space(masking->text[at])) at++;
  bool is_comment = kind == REGIONS_ERB ? at < end && masking->text[at] == '#'
                                        : at + 1 < end && masking->text[at] == '/' && masking->text[at + 1] == '/';
  if (!is_comment) return start;
  at = mask_find(masking, at, '\n');
  return at < end ? at : end;
}

static inline void mask_template(Masking *masking, RegionsOf kind) {
  const uint8_t *text = masking->text;
  /* An empty text has no address. */
  if (masking->size) memcpy(masking->regions->filled.contents, text, masking->size);
  size_t at = 0;
  while (masking->verdict == ARENA_RUNNING && (at = mask_find(masking, at, '<')) + 1 < masking->size) {
    if (text[at + 1] != '%') {
      at++;
      continue;
    }
    at += 2;
    if (at < masking->size && text[at] == '%') {
      at++;
      continue;
    }
    size_t opening = at - 2;
    bool is_comment = at < masking->size && text[at] == '#';
    const char *marks = kind == REGIONS_ERB ? "=-" : "=-_";
    while (at < masking->size && text[at] && strchr(marks, text[at])) at++;
    size_t end = template_end(masking, kind, at), code_end = end;
    /* `<%-` is a value in EJS alone. */
    uint8_t mark = opening + 2 < masking->size ? text[opening + 2] : 0;
    bool is_value = mark == '=' || (kind == REGIONS_EJS && mark == '-');
    template_fill(masking, opening, end < masking->size ? end + 2 : end, is_value && end < masking->size);
    if (!is_comment) {
      if (end < masking->size && end > at && (text[end - 1] == '-' || (kind == REGIONS_EJS && text[end - 1] == '_'))) {
        code_end--;
      }
      size_t start = template_start(masking, kind, at, code_end);
      mask_blank(masking, start);
      mask_keep(masking, code_end);
      mask_blank(masking, end);
      masking->has_code = true;
    }
    if (end < masking->size) {
      if (!is_comment) {
        mask_blank(masking, end + 1);
        masking->out[end] = ';';
      }
      end += 2;
    }
    at = end;
  }
  mask_blank(masking, masking->size);
  if (masking->verdict == ARENA_RUNNING) masking->verdict = template_find_scripts(masking);
  if (masking->has_code) masking->regions->guest = kind == REGIONS_ERB ? GUEST_RUBY : GUEST_JAVASCRIPT;
}

#endif
