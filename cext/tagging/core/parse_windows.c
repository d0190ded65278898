/* Included by core.c: a text of many megabytes is parsed in windows, whose trees need not be in memory at once.
 *
 * A file is a list of statements. Where the parser has just one stack, and the list of those that are finished stands
 * alone at its bottom, the parser is left as for a cancelled parse. The list is handed out as a tree of its own, at its
 * place in the text. Then it is emptied: a leaf as long as it takes its place, and the parse goes on. No token is read
 * twice, and no statement is cut.
 *
 * At an error the parser may go back as far as to the beginning, and take the statements that were finished for a part
 * of what it could not read. It takes all of the list then, or nothing. Where the leaf is no longer what the file
 * begins with, windows were handed out that are none, and the text is to be parsed as a whole. */

enum {
  WINDOW_MOST_OPEN = 64,  /* nodes on the parser's stack between two statements */
  WINDOW_MOST_HIDDEN = 8, /* nodes between the list and the root */
  WINDOW_OFFERS = 16      /* looks for a window in as many bytes as it has */
};

struct RepomapParse {
  Source source;
  const TSLanguage *language;
  bool bmp_only;
  const TSTree *tree_before; /* of a text that this one was made from, or NULL; borrowed */
  const char *text_before;   /* borrowed */
  TSTree *tree_edited;       /* what the parser may take nodes of; NULL for none */
  TSParser *parser;   /* in the arena; NULL before the first window */
  Subtree window;     /* root of the tree that was handed out last; NULL for none */
  bool is_emptied;    /* what stands for the statements of windows is in the tree */
  bool is_taken_back; /* an error has made it a part of what could not be read: its statements are none of the file's */
  bool is_finished;
};

/* What a parser's stack begins with: comments and what could not be read, and the list of finished statements. */
typedef struct {
  StackLink *links[WINDOW_MOST_OPEN]; /* (n,) from the bottom of the stack; the last is the list */
  uint32_t n;
} Finished;

static bool window_is_list(Subtree subtree) {
  return !subtree.data.is_inline && !subtree.ptr->visible && !subtree.ptr->extra && subtree.ptr->child_count > 1 &&
         subtree.ptr->ref_count == 1;
}

static bool window_find(const Stack *stack, Finished *finished) {
  const StackHead *head = array_get(&stack->heads, 0);
  StackLink *links[WINDOW_MOST_OPEN];
  uint32_t n = 0, list = 0;
  if (head->status != StackStatusActive) return false;
  for (StackNode *node = head->node; node->link_count; node = node->links[0].node) {
    StackLink *link = &node->links[0];
    if (node->link_count > 1 || n == WINDOW_MOST_OPEN || !link->subtree.ptr || link->is_pending) return false;
    links[n++] = link;
    if (!ts_subtree_extra(link->subtree)) list = n;
  }
  if (!list || !window_is_list(links[list - 1]->subtree)) return false;
  finished->n = 0;
  for (uint32_t i = n; i >= list; i--) finished->links[finished->n++] = links[i - 1];
  return true;
}

/* Whether a node begins with the leaf of an emptied list, which no visible node is around. */
static bool window_begins_with_leaf(const TSLanguage *language, Subtree node) {
  while (ts_subtree_child_count(node)) {
    uint32_t first = 0, n = ts_subtree_child_count(node);
    const Subtree *children = ts_subtree_children(node);
    while (first + 1 < n && ts_subtree_extra(children[first])) first++;
    node = children[first];
    if (ts_subtree_visible(node)) return false;
  }
  /* No other leaf is of a kind that the grammar makes of others. */
  return ts_subtree_symbol(node) >= language->token_count && !ts_subtree_is_error(node);
}

/* What the parser does at the end of the source in a state: NULL unless it is one thing, and that is to make a node. */
static const TSParseAction *window_reduction(const TSLanguage *language, TSStateId state) {
  TableEntry entry;
  ts_language_table_entry(language, state, ts_builtin_sym_end, &entry);
  bool is_one = entry.action_count == 1 && entry.actions[0].type == TSParseActionTypeReduce;
  return is_one && entry.actions[0].reduce.child_count == 1 ? entry.actions : NULL;
}

/* Make the tree that the parser would make of the list if the source ended there; NULL if the list is not of the
 * file. */
static Subtree window_root(TSParser *parser, const Finished *finished) {
  const TSLanguage *language = parser->language;
  const StackLink *list = finished->links[finished->n - 1];
  TSParseAction actions[WINDOW_MOST_HIDDEN];
  uint32_t n_actions = 0;
  TSStateId below = list->node->state;
  TSStateId state = ts_language_next_state(language, below, ts_subtree_symbol(list->subtree));
  const TSParseAction *action;
  while ((action = window_reduction(language, state)) && n_actions < WINDOW_MOST_HIDDEN) {
    actions[n_actions++] = *action;
    state = ts_language_next_state(language, below, action->reduce.symbol);
    if (ts_language_symbol_metadata(language, action->reduce.symbol).visible) break;
  }
  TableEntry entry;
  ts_language_table_entry(language, state, ts_builtin_sym_end, &entry);
  if (!action || !n_actions || !entry.action_count) return NULL_SUBTREE;
  if (entry.actions[0].type != TSParseActionTypeAccept) return NULL_SUBTREE;
  Subtree root = list->subtree;
  ts_subtree_retain(root);
  for (uint32_t i = 0; i < n_actions; i++) {
    SubtreeArray children = array_new();
    for (uint32_t j = 0; i == n_actions - 1 && j < finished->n - 1; j++) {
      ts_subtree_retain(finished->links[j]->subtree);
      array_push(&children, finished->links[j]->subtree);
    }
    array_push(&children, root);
    root = ts_subtree_from_mut(
      ts_subtree_new_node(actions[i].reduce.symbol, &children, actions[i].reduce.production_id, language)
    );
  }
  return root;
}

/* A leaf of a hidden kind, of which no walk and no query sees anything. */
static Subtree window_leaf(TSParser *parser, TSSymbol symbol, Length padding, Length size) {
  return ts_subtree_new_leaf(&parser->tree_pool, symbol, padding, size, 0, 0, false, false, false, parser->language);
}

/* Put leaves in the place of what was handed out. The parser sees nothing of it: where a list ends, and what errors in
 * it weigh, stay as they are. */
static bool window_empty(TSParser *parser) {
  Finished finished;
  if (!window_find(parser->stack, &finished)) return false;
  MutableSubtree list = ts_subtree_to_mut_unsafe(finished.links[finished.n - 1]->subtree);
  TSSymbol symbol = list.ptr->symbol;
  for (uint32_t i = 0; i + 1 < finished.n; i++) {
    Subtree *extra = &finished.links[i]->subtree;
    MutableSubtree leaf = ts_subtree_to_mut_unsafe(
      window_leaf(parser, symbol, ts_subtree_padding(*extra), ts_subtree_size(*extra))
    );
    ts_subtree_set_extra(&leaf, true);
    ts_subtree_release(&parser->tree_pool, *extra);
    *extra = ts_subtree_from_mut(leaf);
  }
  Subtree *children = ts_subtree_children(list);
  for (uint32_t i = 0; i < list.ptr->child_count; i++) {
    ts_subtree_release(&parser->tree_pool, children[i]);
    Length none = length_zero();
    children[i] = window_leaf(parser, symbol, i ? none : list.ptr->padding, i ? none : list.ptr->size);
  }
  list.ptr->visible_child_count = list.ptr->named_child_count = 0;
  list.ptr->repeat_depth = 0;
  return true;
}

/* Whether the parser, which is where a window is looked for, is to be left for one that ends before `position`. */
static bool pause_at_window(TSParser *parser, uint32_t position) {
  Source *source = (Source *)parser->lexer.input.payload;
  Finished finished;
  source->next_window = position + source->window_bytes / WINDOW_OFFERS + 1;
  if (ts_stack_version_count(parser->stack) != 1 || parser->finished_tree.ptr) return false;
  if (!window_find(parser->stack, &finished)) return false;
  const StackLink *list = finished.links[finished.n - 1];
  uint32_t end = list->node->position.bytes + ts_subtree_total_bytes(list->subtree);
  if (end - source->window_end < source->window_bytes) return false;
  source->window_end = end;
  source->next_window = end + source->window_bytes;
  return true;
}

/* The tree of the statements that are finished; NULL if they are not those of the file, which is then left to grow. */
static TSTree *window_tree(RepomapParse *parse) {
  TSParser *parser = parse->parser;
  Subtree *root_out = &parse->window;
  Finished finished;
  TSTree *tree = NULL;
  if (!window_find(parser->stack, &finished)) return NULL;
  Subtree list = finished.links[finished.n - 1]->subtree;
  if (parse->is_emptied && !window_begins_with_leaf(parse->language, list)) {
    parse->is_taken_back = true;
    return NULL;
  }
  /* A list is as deep as it is long until it is balanced. */
  parser->finished_tree = list;
  bool is_balanced = ts_parser__balance_subtree(parser);
  parser->finished_tree = NULL_SUBTREE;
  if (!is_balanced) return NULL;
  *root_out = window_root(parser, &finished);
  if (root_out->ptr) {
    tree = ts_tree_new(*root_out, parser->language, parser->lexer.included_ranges, parser->lexer.included_range_count);
  }
  return tree;
}

/* Go on with a parse up to its end or its next window. */
static TSTree *parse_to_window(RepomapParse *parse) {
  TSParser *parser = parse->parser;
  TSInput input = {
    .payload = &parse->source,
    .read = read_source,
    .encoding = parse->bmp_only ? TSInputEncodingCustom : TSInputEncodingUTF8,
    .decode = decode_basic,
  };
  TSParseOptions options = {.payload = &parse->source, .progress_callback = stop_over_budget};
  for (;;) {
    if (parse->window.ptr) {
      ts_subtree_release(&parser->tree_pool, parse->window);
      parse->window = NULL_SUBTREE;
      parse->is_emptied |= window_empty(parser);
    }
    TSTree *tree = ts_parser_parse_with_options(parser, parse->tree_edited, input, options);
    parse->is_finished = tree || parse->source.is_ended || !ts_parser_has_outstanding_parse(parser);
    if (!parse->is_finished) tree = window_tree(parse);
    if (parse->is_finished && tree && parse->is_emptied) {
      parse->is_taken_back = ts_subtree_is_error(tree->root) || !window_begins_with_leaf(parse->language, tree->root);
    }
    if (parse->is_taken_back) {
      parse->is_finished = true;
      return NULL;
    }
    if (tree || parse->is_finished) return tree;
  }
}

bool repomap_parse_is_taken_back(const RepomapParse *parse) { return parse->is_taken_back; }

static void leave_parse(RepomapParse *parse) {
  if (parse->parser) ts_parser__external_scanner_destroy(parse->parser);
  parse->is_finished = true;
}
