/* Included by core.c: a text that was repaired is parsed again, and what was not changed in it is taken from its first
 * tree. The parser takes a node only where it would make the same one: what it was not sure of, it reads again. */

/* Bytes before and behind a statement with an error in which a repair may be what mends it; lists within lists. */
enum { NEAR_ERRORS_BYTES = 1000, NEAR_ERRORS_MOST_LEVELS = 64 };

typedef struct {
  const uint8_t *original;
  uint8_t *copy;
  uint32_t size;
  uint32_t end;  /* of what is done */
} NearErrors;

/* Go over the statements with errors in the node at `start`, and take `original` again for what is between them. */
static void keep_near_errors(Subtree node, uint32_t start, uint32_t depth, NearErrors *near) {
  uint32_t begin = start + ts_subtree_padding(node).bytes, end = start + ts_subtree_total_bytes(node);
  if (ts_subtree_error_cost(node) == 0) return;
  // A hidden node is a list of what stands beside each other, as the statements of a file do.
  bool is_list = (depth == 0 || !ts_subtree_visible(node)) && !ts_subtree_is_error(node);
  if (is_list && depth < NEAR_ERRORS_MOST_LEVELS) {
    for (uint32_t i = 0; i < ts_subtree_child_count(node); i++) {
      Subtree child = ts_subtree_children(node)[i];
      keep_near_errors(child, start, depth + 1, near);
      start += ts_subtree_total_bytes(child);
    }
    return;
  }
  begin = begin > NEAR_ERRORS_BYTES ? begin - NEAR_ERRORS_BYTES : 0;
  if (begin > near->end) memcpy(near->copy + near->end, near->original + near->end, begin - near->end);
  end = end < near->size - NEAR_ERRORS_BYTES ? end + NEAR_ERRORS_BYTES : near->size;
  if (near->end < end) near->end = end;
}

bool repomap_keep_near_errors(const TSTree *tree, const uint8_t *original, uint8_t *copy, uint32_t size) {
  if (size <= NEAR_ERRORS_BYTES) return true;
  NearErrors near = {original, copy, size, 0};
  keep_near_errors(tree->root, 0, 0, &near);
  memcpy(copy + near.end, original + near.end, size - near.end);
  return memcmp(copy, original, size) != 0;
}

/* Changes of a text that are told one by one, and bytes between two that are told as one. */
enum { EDITS_MOST = 256, EDITS_GAP = 32 };

/* Go on to a later byte of a text; its rows and columns go with it. */
static void edit_pass(const char *text, uint32_t byte, uint32_t *at, TSPoint *point) {
  for (; *at < byte; ++*at) {
    point->column++;
    if (text[*at] != '\n') continue;
    point->row++;
    point->column = 0;
  }
}

/* The tree of the text before, as the parser has to have it to take nodes of it: a copy that knows what has changed.
 * Both texts are of one length, and have their line feeds at the same places. */
static TSTree *edited_tree(Arena *arena, const RepomapParse *parse) {
  const char *text = parse->source.bytes, *before = parse->text_before;
  uint32_t length = parse->source.length, at = 0, n_edits = 0;
  TSPoint point = {0, 0};
  TSTree *tree = ts_tree_copy(parse->tree_before);
  for (uint32_t start = 0; start < length; start++) {
    if (text[start] == before[start]) continue;
    uint32_t end = start + 1, gap = n_edits + 1 < EDITS_MOST ? EDITS_GAP : length;
    for (uint32_t i = end; i < length && i - end < gap; i++) {
      if (text[i] != before[i]) end = i + 1;
    }
    TSInputEdit edit = {.start_byte = start, .old_end_byte = end, .new_end_byte = end};
    edit_pass(text, start, &at, &point);
    edit.start_point = point;
    edit_pass(text, end, &at, &point);
    edit.old_end_point = edit.new_end_point = point;
    ts_tree_edit(tree, &edit);
    n_edits++;
    arena_check(arena);
    start = end - 1;
  }
  return tree;
}
