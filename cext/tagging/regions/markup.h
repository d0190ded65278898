/* HTML, and what is written like it: Vue, Svelte, Astro. Finds <script> and frontmatter, and the names of
 * components. */
#ifndef REPOMAP_MARKUP_H_
#define REPOMAP_MARKUP_H_

#include "masking.h"

enum { MARKUP_LONGEST_NAME = 128, MARKUP_LONGEST_VALUE = 64 };

typedef struct {
  size_t start, size;     /* of a value; of no size for none */
} MarkupValue;

typedef struct {
  size_t end;             /* byte behind the tag */
  MarkupValue lang, type;
  bool is_closed;         /* <name/> */
} MarkupTag;

typedef struct {
  Masking *masking;
  RegionsOf kind;
  size_t template_depth;  /* of Vue: how many <template> are open */
  bool has_lost_block;    /* of Vue: the end of a block was looked for, and is not there */
  bool has_no_double, has_no_single; /* quotes from here on */
} Markup;

static inline bool markup_equals(const Masking *masking, size_t at, size_t size, const char *lower) {
  if (strlen(lower) != size) return false;
  for (size_t i = 0; i < size; i++) {
    uint8_t byte = masking->text[at + i];
    if ((byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte) != (uint8_t)lower[i]) return false;
  }
  return true;
}

/* Whether the name of an element is `lower`: in HTML in any case, and in the others as it is written. */
static inline bool markup_is(const Markup *markup, size_t at, size_t size, const char *lower) {
  if (!markup_equals(markup->masking, at, size, lower)) return false;
  return markup->kind == REGIONS_HTML || memcmp(markup->masking->text + at, lower, size) == 0;
}

/* The byte behind the value that begins at `at`. */
static inline size_t markup_value(Markup *markup, size_t at, MarkupValue *value) {
  const Masking *masking = markup->masking;
  uint8_t quote = masking->text[at];
  if (quote == '"' || quote == '\'') {
    bool *has_none = quote == '"' ? &markup->has_no_double : &markup->has_no_single;
    size_t end = *has_none ? masking->size : mask_find(masking, at + 1, quote);
    if (end < masking->size) {
      *value = (MarkupValue){at + 1, end - at - 1};
      return end + 1;
    }
    *has_none = true;
  }
  size_t end = at;
  while (end < masking->size && !mask_is_space(masking->text[end]) && masking->text[end] != '>') end++;
  *value = (MarkupValue){at, end - at};
  return end;
}

/* Read the attributes of the tag whose name ends at `at`. */
static inline MarkupTag markup_tag(Markup *markup, size_t at) {
  const Masking *masking = markup->masking;
  const uint8_t *text = masking->text;
  const size_t size = masking->size;
  MarkupTag tag = {size, {0, 0}, {0, 0}, false};
  while (at < size) {
    bool is_slash = false;
    while (at < size && (mask_is_space(text[at]) || text[at] == '/')) is_slash = text[at++] == '/';
    if (at == size) break;
    if (text[at] == '>') {
      tag.end = at + 1;
      tag.is_closed = is_slash && markup->kind != REGIONS_HTML;
      break;
    }
    size_t name = at++;
    while (at < size && !mask_is_space(text[at]) && text[at] != '/' && text[at] != '>' && text[at] != '=') at++;
    size_t name_size = at - name, behind = at;
    while (behind < size && mask_is_space(text[behind])) behind++;
    if (behind == size || text[behind] != '=') continue;
    at = behind + 1;
    while (at < size && mask_is_space(text[at])) at++;
    if (at == size) break;
    MarkupValue value;
    at = markup_value(markup, at, &value);
    if (markup_equals(masking, name, name_size, "lang") && !tag.lang.size) tag.lang = value;
    if (markup_equals(masking, name, name_size, "type") && !tag.type.size) tag.type = value;
  }
  return tag;
}

static inline bool markup_value_is(const Markup *markup, MarkupValue value, const char *const *lower) {
  for (; *lower; lower++) {
    if (markup_equals(markup->masking, value.start, value.size, *lower)) return true;
  }
  return false;
}

/* The language of a script, by `lang`, else by `type`. */
static inline Guest markup_guest(const Markup *markup, const MarkupTag *tag) {
  static const char *const javascript[] = {
    "js", "jsx", "javascript", "module", "text/javascript", "application/javascript", "text/ecmascript",
    "application/ecmascript", "application/x-javascript", "text/jsx", "text/babel", NULL};
  static const char *const typescript[] = {
    "ts", "typescript", "text/typescript", "application/typescript", "application/x-typescript", NULL};
  static const char *const tsx[] = {"tsx", "text/tsx", NULL};
  MarkupValue value = tag->lang.size ? tag->lang : tag->type;
  while (value.size && mask_is_space(markup->masking->text[value.start])) value.start++, value.size--;
  while (value.size && mask_is_space(markup->masking->text[value.start + value.size - 1])) value.size--;
  if (value.size > MARKUP_LONGEST_VALUE) return GUEST_NONE;
  if (markup_value_is(markup, value, typescript)) return GUEST_TYPESCRIPT;
  if (markup_value_is(markup, value, tsx)) return GUEST_TSX;
  if (value.size && !markup_value_is(markup, value, javascript)) return GUEST_NONE;
  return markup->kind == REGIONS_ASTRO ? GUEST_TYPESCRIPT : GUEST_JAVASCRIPT;
}

/* Where the end tag of an element begins, from `at` on; the size of the text where there is none. */
static inline size_t markup_end_of(const Masking *masking, size_t at, size_t name, size_t name_size) {
  for (;; at++) {
    at = mask_find(masking, at, '<');
    if (masking->size - at < name_size + 3) return masking->size;
    if (masking->text[at + 1] != '/') continue;
    uint8_t behind = masking->text[at + 2 + name_size];
    if (!mask_is_space(behind) && behind != '/' && behind != '>') continue;
    size_t i = 0;
    while (i < name_size && (masking->text[name + i] | 0x20) == (masking->text[at + 2 + i] | 0x20)) i++;
    if (i == name_size) return at;
  }
}

/* Keep what stands from `start` to `end`: a script. Scripts are apart from each other, as if each were a file. */
static inline void markup_keep(Markup *markup, Guest guest, size_t start, size_t end) {
  Masking *masking = markup->masking;
  mask_blank(masking, start);
  if (masking->has_code && start) masking->out[start - 1] = ';';
  mask_keep(masking, end);
  masking->has_code = true;
  /* TypeScript reads JavaScript too: where there are several, the later one of the list reads all. */
  if (masking->regions->guest == GUEST_NONE || guest > masking->regions->guest) masking->regions->guest = guest;
}

/* Note the name of an element, if it is one of a component: with a capital, or with a hyphen. */
static inline void markup_note(Markup *markup, size_t start, size_t end) {
  Masking *masking = markup->masking;
  Regions *regions = masking->regions;
  const uint8_t *text = masking->text;
  bool has_hyphen = false;
  if (end - start > MARKUP_LONGEST_NAME) return;
  size_t last = start;
  for (size_t i = start; i < end; i++) {
    if (text[i] == '.') {
      last = i + 1;
    } else if (text[i] == '-') {
      has_hyphen = true;
    } else if (!mask_is_word(text[i]) && text[i] != '$') {
      return;
    }
  }
  bool has_capital = text[start] >= 'A' && text[start] <= 'Z' && markup->kind != REGIONS_HTML;
  if ((!has_capital && !has_hyphen && last == start) || last == end) return;
  mask_blank(masking, last);
  size_t size = sizeof *regions->names;
  if (!mask_grow(masking, (void **)&regions->names, &regions->names_capacity, regions->n_names, size)) {
    return;
  }
  regions->names[regions->n_names++] =
    (ComponentName){(uint32_t)last, (uint32_t)end, masking->row, (uint32_t)(last - masking->line_start)};
}

/* Whether the contents of an element are text up to its end tag, whatever stands there. */
static inline bool markup_is_raw(const Markup *markup, size_t name, size_t size) {
  static const char *const raw[] = {"style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"};
  for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
    if (markup_is(markup, name, size, raw[i])) return true;
  }
  return false;
}

/* Whether an element is a style sheet of a page. Those of components are for the component alone, and are passed
 * over. */
static inline bool markup_is_style(const Markup *markup, size_t name, size_t size, const MarkupTag *tag) {
  static const char *const css[] = {"text/css", NULL};
  if (markup->kind != REGIONS_HTML || !markup_is(markup, name, size, "style")) return false;
  return !tag->type.size || markup_value_is(markup, tag->type, css);
}

/* The byte from which to go on behind the start tag whose name stands from `name` to `at`. */
static inline size_t markup_element(Markup *markup, size_t name, size_t at) {
  Masking *masking = markup->masking;
  const size_t size = at - name;
  const bool is_vue = markup->kind == REGIONS_VUE;
  bool is_script = markup_is(markup, name, size, "script");
  bool is_raw = is_script || markup_is_raw(markup, name, size);
  bool is_template = is_vue && markup_is(markup, name, size, "template");
  bool is_block = is_vue && !is_raw && !is_template && markup->template_depth == 0 && !markup->has_lost_block;
  if (!is_block && !is_raw) markup_note(markup, name, at);
  /* In braces of Svelte and Astro a quote may stand alone. */
  if (markup->kind != REGIONS_HTML && !is_vue && !is_raw) return at;
  MarkupTag tag = markup_tag(markup, at);
  if (tag.is_closed || tag.end == masking->size) return tag.end;
  if (is_template) {
    static const char *const html[] = {"html", NULL};
    if (markup->template_depth || !tag.lang.size || markup_value_is(markup, tag.lang, html)) {
      markup->template_depth++;
      return tag.end;
    }
  } else if (!is_raw && !is_block) {
    return tag.end;
  }
  size_t end = markup_end_of(masking, tag.end, name, size);
  if (end == masking->size && !is_raw) {
    markup->has_lost_block = true;
    if (is_template) markup->template_depth++;
    return tag.end;
  }
  Guest guest = is_script ? markup_guest(markup, &tag) : GUEST_NONE;
  if (guest != GUEST_NONE) markup_keep(markup, guest, tag.end, end);
  if (markup_is_style(markup, name, size, &tag)) {
    mask_blank(masking, tag.end);
    mask_note_apart(masking, GUEST_CSS, tag.end, end);
  }
  return end;
}

/* The frontmatter of Astro stands between two rows of `---` at the beginning. Return the byte behind it. */
static inline size_t markup_frontmatter(Markup *markup) {
  const Masking *masking = markup->masking;
  size_t start = mask_has(masking, 0, "\xef\xbb\xbf", 3) ? 3 : 0;
  while (start < masking->size && mask_is_space(masking->text[start])) start++;
  if (!mask_has(masking, start, "---", 3)) return 0;
  start += 3;
  for (size_t at = mask_find(masking, start, '\n'); at < masking->size; at = mask_find(masking, at, '\n')) {
    at++;
    while (at < masking->size && (masking->text[at] == ' ' || masking->text[at] == '\t')) at++;
    if (mask_has(masking, at, "---", 3)) {
      markup_keep(markup, GUEST_TYPESCRIPT, start, at);
      return at + 3;
    }
  }
  return 0;
}

/* The last byte of the comment that begins at `at`, or the size of the text. <!--> is one that ends at once. */
static inline size_t markup_comment_end(const Masking *masking, size_t at) {
  size_t end = mask_find(masking, at + 4, '>');
  while (end < masking->size && !(masking->text[end - 1] == '-' && masking->text[end - 2] == '-')) {
    end = mask_find(masking, end + 1, '>');
  }
  return end;
}

static inline void mask_markup(Masking *masking, RegionsOf kind) {
  Markup markup = {.masking = masking, .kind = kind};
  const uint8_t *text = masking->text;
  size_t at = kind == REGIONS_ASTRO ? markup_frontmatter(&markup) : 0;
  while (masking->verdict == ARENA_RUNNING && (at = mask_find(masking, at, '<')) + 1 < masking->size) {
    if (at > masking->at + MASK_BYTES_BETWEEN_CHECKS) mask_blank(masking, at);
    if (text[at + 1] == '!' && mask_has(masking, at, "<!--", 4)) {
      at = markup_comment_end(masking, at);
    } else if (text[at + 1] == '/') {
      bool is_template = mask_has(masking, at + 2, "template", 8);
      if (is_template && markup.template_depth) markup.template_depth--;
      at += 2;
    } else if (mask_is_letter(text[at + 1])) {
      size_t name = at + 1, end = name;
      while (end < masking->size && !mask_is_space(text[end]) && text[end] != '/' && text[end] != '>') end++;
      at = markup_element(&markup, name, end);
    } else {
      at++;
    }
  }
  mask_blank(masking, masking->size);
}

#endif
