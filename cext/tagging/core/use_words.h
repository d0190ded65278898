/* Words that are no names though they stand where names do, and names that are bound but not written: see uses.h. */
#ifndef REPOMAP_USE_WORDS_H_
#define REPOMAP_USE_WORDS_H_

#include <stddef.h>

/* Words that stand where names do, and mean the type itself (`Kind::class`), the object around or what a lambda is
 * given. */
static const struct {
  const char *grammar, *words;
} use_no_names[] = {
  {"php", "class"}, {"scala", "this"}, {"swift", "self"}, {"kotlin", "it"}, {"lua", "self"},
  {"ruby", "it _1 _2 _3 _4 _5 _6 _7 _8 _9"},
};

/* Names that a node binds though they are written nowhere in it, `unless` a child of it is that. */
static const struct {
  const char *grammar, *node, *unless, *name;
} use_implicit[] = {
  {"csharp", "accessor_declaration", "get", "value"},
  {"csharp", "accessor_declaration", NULL, "field"},
  {"kotlin", "getter", NULL, "field"},
  {"kotlin", "setter", NULL, "field"},
  {"swift", "computed_setter", "simple_identifier", "newValue"},
  {"swift", "willset_clause", "simple_identifier", "newValue"},
  {"swift", "didset_clause", "simple_identifier", "oldValue"},
  {"swift", "catch_block", "pattern", "error"},
};

#endif
