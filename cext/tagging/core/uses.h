/* Names and members that are used as values, and not bound in a function around them.
 *
 * A query cannot tell a parameter from a function that is handed on: that takes the scopes of the file. One walk notes
 * each identifier by the part that it plays at its place, which a table of node kinds says for each language: it is
 * used, or bound in the function around it, or neither. At its end all bindings are known: what is bound is left out. */
#ifndef REPOMAP_USES_H_
#define REPOMAP_USES_H_

#include "interner.h"
#include "walk.h"

/* What an identifier is at its place; a node that is none passes its part on to its children. */
typedef enum {
  USE_INHERIT,  /* what the node around it is */
  USE_READ,     /* a value that is used */
  USE_MEMBER,   /* a member of what stands before it; written where the node around it is a target */
  USE_TARGET,   /* assigned: bound in the function around it, or else a use that writes */
  USE_WRITE,    /* assigned, but not bound by that */
  USE_BIND,     /* bound in the function around it: a parameter */
  USE_OPEN,     /* said to be bound outside of the function: Python's global and nonlocal */
  USE_CAPTURE,  /* of a pattern: bound if it is one name, used if there is a dot in it */
  USE_SKIP      /* neither */
} UsePart;

typedef enum { USE_KIND_READ, USE_KIND_WRITE, USE_KIND_MEMBER, USE_N_KINDS } UseKind;

enum { USE_MAX_FIELDS = 4 };

/* What the parts of a kind of node are. */
typedef struct {
  uint8_t is_known;     /* whether there is a row for it in the tables; else all is inherited */
  uint8_t is_name;      /* an identifier */
  uint8_t is_symbol;    /* an identifier behind a colon */
  uint8_t is_member;    /* and, where it is bound or names what is bound, a member of the same name: {name} */
  uint8_t is_function;  /* what is bound below it is bound there */
  uint8_t is_class;     /* what is bound below it is a member, and bound nowhere */
  uint8_t others;       /* UsePart of its children without a field of these */
  uint8_t n_fields;
  uint8_t parts[USE_MAX_FIELDS];     /* UsePart of the child in each field */
  uint16_t fields[USE_MAX_FIELDS];
} UseRule;

typedef struct {
  UseRule *rules;       /* (n_symbols,) owned */
  uint32_t n_symbols;
} UseRules;

typedef struct {
  uint32_t name;        /* id of UseFinder.names */
  uint32_t scope;       /* of UseFinder.scopes */
  uint32_t start;       /* byte */
  uint32_t row, column; /* zero-based; bytes */
  uint8_t kind;
  uint8_t is_member;    /* a member, if its name is bound */
} Use;

typedef struct {
  uint8_t part;         /* of the node */
  uint8_t binds;        /* whether what is bound here is bound in the scope */
  uint16_t field;       /* of a hidden node, which its children have; 0 none */
  uint32_t scope;
  const UseRule *rule;  /* of the visible node around the children */
} UseContext;

typedef struct {
  uint64_t key;         /* 1 + scope and name; 0: free */
  bool is_open;
} UseBinding;

typedef struct {
  RepomapWalk walk;
  Interner names;             /* of the file at hand; its holder seeds it */
  Use *uses;                  /* (n,) of the file at hand, by start; owned, as all that follows */
  size_t n, capacity;
  uint32_t *scopes;           /* (n_scopes,) the scope around each function; scope 0 is the file */
  size_t n_scopes, scopes_capacity;
  UseContext *contexts;       /* by depth of the walk */
  size_t contexts_capacity;
  UseBinding *bindings;       /* (n_slots,) a hash table, of a power of two */
  size_t n_slots, n_bindings;
  uint32_t *local_ids;        /* (local_ids_capacity,) 1 + number among the names that are kept; 0 none */
  size_t local_ids_capacity;
} UseFinder;

/* The rules of a grammar, by its name; empty for one that has none. False where there is no memory. */
bool repomap_use_rules(const TSLanguage *language, const char *grammar, UseRules *rules_out);

/* Find the uses of a file, in place of those of the file before. `finder` is zeroed memory or was used before. */
ArenaVerdict repomap_find_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const TSTree *tree, const uint8_t *text
);

void repomap_free_uses(UseFinder *finder);

#endif
