/* Records of facts: scopes, bindings and chains of a file, as a block keeps it. Nothing for a file without any.
 *
 * All numbers are varints of import_records.h, but for single bytes. A name's number is that among the names of the
 * file's use records, or behind these of the names here. Chains are numbered from 1, 0 is none.
 *
 *     names       their number; of each varint and bytes
 *     ghosts      their number; of each, of those that were no tags at last: its number, from the one before; row;
 *                     column; 1 for a reference
 *     scopes      their number without the file's
 *     chains      their number; of each (x * 8 + a FactShape), and what the shape says
 *     scopes      of each behind the file
 *                     scopes back to its parent; 1 byte: FactScopeKind, and FACT_HAS_BASES;
 *                     1 + the tag that opens it, counted from the tag of the scope before that has one, or 0; result
 *                     with FACT_HAS_BASES: number of bases, and of each its FactBaseKind and chain
 *     bindings    of each scope, from the file's on: their number; of each
 *                     1 byte: FactBindingKind, and FACT_HAS_*; name or, with FACT_HAS_TAG, the tag, in twos complement
 *                     from the tag before; chain; flags; scope in which the chain holds; row, from the one before
 *     events      their number; of each: tags and uses before it, from the event before; 0 for the scope around, else
 *                     how many scopes on
 *     receivers   of each reference that is a tag, and of each use that is no plain read: 0 for a bare name, 1 for what
 *                     no chain says, else 1 + its chain
 *
 * Tags are counted as they were when these were written: ghosts among them. */
#ifndef REPOMAP_FACT_RECORDS_H_
#define REPOMAP_FACT_RECORDS_H_

#include "import_records.h"

typedef enum {
  FACT_NAME,      /* second: name */
  FACT_MEMBER,    /* of base; second: name */
  FACT_CALL,      /* what base gives when it is called */
  FACT_ITEM,      /* of base: behind brackets */
  FACT_INSTANCE,  /* of the type base */
  FACT_NEW,       /* of the class base */
  FACT_LITERAL,   /* base: FactLiteral */
  FACT_SELF,      /* the object whose method it is */
  FACT_SUPER,     /* the same, as its bases have it */
  FACT_ONE_OF,    /* base or second, chains both */
  FACT_GENERIC,   /* base, with second, a chain of arguments */
  FACT_ARGUMENT,  /* base; second: the argument before it */
  FACT_AWAITED,
  FACT_ENTERED,   /* what `with base` binds */
  FACT_ELEMENT,   /* what `for … in base` binds */
  FACT_SCOPE,     /* base: number of a scope: a function or an object without a name */
  FACT_PARAMETER, /* of what base is; second: which */
  FACT_RESULT,    /* of base, which gives several; second: which */
  FACT_TYPE_OF,
  FACT_TAG,       /* second: name of a struct, union or enum of C */
  FACT_RAISED,    /* an instance of base, or of one of them */
  FACT_MODULE,    /* what require() or import() give; second: name of the module */
  FACT_GIVEN,     /* base, as it is called with second, a chain of arguments */
  FACT_N_OPS
} FactOp;

typedef enum {
  FACT_NO_VALUE, FACT_STRING, FACT_NUMBER, FACT_BOOLEAN, FACT_LIST, FACT_MAPPING, FACT_SET, FACT_TUPLE, FACT_FUNCTION,
  FACT_OTHER, FACT_N_LITERALS
} FactLiteral;

typedef enum {
  FACT_IN_FILE, FACT_IN_CLASS, FACT_IN_FUNCTION, FACT_IN_BLOCK, FACT_IN_OBJECT, FACT_N_SCOPES
} FactScopeKind;
typedef enum { FACT_BASE, FACT_METACLASS, FACT_METHOD_OF, FACT_IMPLEMENTED, FACT_N_BASES } FactBaseKind;

typedef enum {
  FACT_DEFINED, FACT_PARAMETER_OF, FACT_LOCAL, FACT_IMPORTED, FACT_EXPORTED, FACT_ATTRIBUTE, FACT_TYPE_PARAMETER,
  FACT_N_BINDINGS
} FactBindingKind;

typedef enum {
  FACT_IS_TYPED = 1,
  FACT_IS_PROPERTY = 2,
  FACT_IS_STATIC = 4,
  FACT_IS_CLASS_METHOD = 8,
  FACT_IS_OPTIONAL = 16,
  FACT_IS_DECLARED = 32, /* it is defined elsewhere */
  FACT_IS_PRIVATE = 64,
  FACT_IS_FUNCTION = 128, /* its chain is what it gives when it is called */
  FACT_IS_REST = 128     /* of a parameter: it is all that is given from its place on */
} FactFlags;

/* How a chain is written: x, and what follows it. */
typedef enum {
  FACT_SHAPE_NAME,     /* x: name */
  FACT_SHAPE_MEMBER,   /* x: chains back to its base; then name */
  FACT_SHAPE_CALL,     /* x: chains back to its base, as the next two */
  FACT_SHAPE_ITEM,
  FACT_SHAPE_INSTANCE,
  FACT_SHAPE_ONE_OF,   /* x: second, a chain; then chains back to its base */
  FACT_SHAPE_LITERAL,  /* x: FactLiteral */
  FACT_SHAPE_OTHER     /* x: FactOp; then base and second */
} FactShape;

enum {
  FACT_SCOPE_KIND_MASK = 7,
  FACT_HAS_BASES = 8,
  FACT_BINDING_KIND_MASK = 7,
  FACT_HAS_TAG = 8,
  FACT_HAS_FLAGS = 16,
  FACT_HAS_EVAL_SCOPE = 32,
  FACT_LARGEST_CHAIN = 15, /* bytes */
  FACT_LARGEST_SCOPE = 26, /* the number of its bindings too */
  FACT_LARGEST_BASE = 10,
  FACT_LARGEST_BINDING = 24,
  FACT_LARGEST_EVENT = 10,
  FACT_LARGEST_RECEIVER = 5,
  FACT_LARGEST_GHOST = 16
};

/* Which of a chain's numbers are chains, by its op. */
static inline bool fact_base_is_chain(uint8_t op) {
  return !(op == FACT_NAME || op == FACT_LITERAL || op == FACT_SELF || op == FACT_SUPER || op == FACT_SCOPE ||
           op == FACT_TAG || op == FACT_MODULE);
}
static inline bool fact_second_is_chain(uint8_t op) {
  return op == FACT_ONE_OF || op == FACT_GENERIC || op == FACT_ARGUMENT || op == FACT_GIVEN;
}
static inline bool fact_second_is_name(uint8_t op) {
  return op == FACT_NAME || op == FACT_MEMBER || op == FACT_TAG || op == FACT_MODULE;
}

static inline uint32_t fact_zigzag(int64_t number) {
  return (uint32_t)(number < 0 ? ((uint64_t)-(number + 1) << 1) | 1 : (uint64_t)number << 1);
}
static inline int64_t fact_unzigzag(uint32_t code) {
  return code & 1 ? -(int64_t)(code >> 1) - 1 : (int64_t)(code >> 1);
}

typedef struct {
  uint8_t op;
  uint32_t base, second;
} FactChainRecord;

typedef struct {
  uint32_t parent, result;
  uint32_t tag;       /* 1 + its number, or 0 */
  uint32_t n_bases;   /* which follow */
  uint8_t kind;
} FactScopeRecord;

typedef struct {
  uint32_t name, chain, eval_scope, row;
  uint32_t tag;       /* 1 + its number, or 0 */
  uint8_t kind, flags;
} FactBindingRecord;

static inline bool fact_get_byte(ImportReader *reader, uint8_t *byte_out) {
  if (reader->next == reader->end) return false;
  *byte_out = *reader->next++;
  return true;
}

/* Read the chain that is `number`, from 1 on; false for what is none. Its base and second are before it. */
static inline bool fact_next_chain(
  ImportReader *reader, uint32_t number, uint32_t n_names, uint32_t n_scopes, FactChainRecord *chain
) {
  static const uint8_t ops[] = {FACT_NAME, FACT_MEMBER, FACT_CALL, FACT_ITEM, FACT_INSTANCE, FACT_ONE_OF, FACT_LITERAL};
  uint32_t x, back = 0;
  if (!import_get_varint(reader, &x)) return false;
  uint8_t shape = x & 7;
  x >>= 3;
  *chain = (FactChainRecord){.op = shape < FACT_SHAPE_OTHER ? ops[shape] : (uint8_t)x};
  switch (shape) {
    case FACT_SHAPE_NAME: chain->second = x; break;
    case FACT_SHAPE_LITERAL: chain->base = x; break;
    case FACT_SHAPE_OTHER:
      if (x >= FACT_N_OPS || !import_get_varint(reader, &chain->base) || !import_get_varint(reader, &chain->second)) {
        return false;
      }
      break;
    case FACT_SHAPE_ONE_OF:
      chain->second = x;
      if (!import_get_varint(reader, &back)) return false;
      break;
    default:
      back = x;
      if (shape == FACT_SHAPE_MEMBER && !import_get_varint(reader, &chain->second)) return false;
  }
  if (back > number) return false;
  if (back) chain->base = number - back;
  if (fact_base_is_chain(chain->op) && chain->base >= number) return false;
  if (fact_second_is_chain(chain->op) && chain->second >= number) return false;
  if (fact_second_is_name(chain->op) && chain->second >= n_names) return false;
  if (chain->op == FACT_SCOPE && chain->base > n_scopes) return false;
  return chain->op != FACT_LITERAL || chain->base < FACT_N_LITERALS;
}

/* Read the scope that is `number`, from 1 on. `last_tag` is that of the scope before that had one. */
static inline bool fact_next_scope(
  ImportReader *reader, uint32_t number, uint32_t n_chains, int64_t *last_tag, FactScopeRecord *scope
) {
  uint32_t back, tag;
  uint8_t kind;
  *scope = (FactScopeRecord){0};
  if (!import_get_varint(reader, &back) || !back || back > number || !fact_get_byte(reader, &kind)) return false;
  scope->parent = number - back;
  scope->kind = kind & FACT_SCOPE_KIND_MASK;
  if (scope->kind >= FACT_N_SCOPES || kind & ~(FACT_SCOPE_KIND_MASK | FACT_HAS_BASES)) return false;
  if (!import_get_varint(reader, &tag) || !import_get_varint(reader, &scope->result) || scope->result > n_chains) {
    return false;
  }
  if (tag) {
    *last_tag += fact_unzigzag(tag - 1);
    if (*last_tag < 0 || *last_tag >= INT32_MAX) return false;
    scope->tag = 1 + (uint32_t)*last_tag;
  }
  return !(kind & FACT_HAS_BASES) || import_get_varint(reader, &scope->n_bases);
}

static inline bool fact_next_base(ImportReader *reader, uint32_t n_chains, uint8_t *kind, uint32_t *chain) {
  return fact_get_byte(reader, kind) && *kind < FACT_N_BASES && import_get_varint(reader, chain) && *chain <= n_chains;
}

typedef struct {
  int64_t tag, row; /* of the binding before */
} FactBindingPlace;

static inline bool fact_next_binding(
  ImportReader *reader, uint32_t n_names, uint32_t n_chains, uint32_t n_scopes, uint32_t scope, FactBindingPlace *place,
  FactBindingRecord *binding
) {
  uint8_t head;
  uint32_t name, row;
  if (!fact_get_byte(reader, &head) || !import_get_varint(reader, &name)) return false;
  *binding = (FactBindingRecord){.kind = head & FACT_BINDING_KIND_MASK, .eval_scope = scope};
  if (binding->kind >= FACT_N_BINDINGS || head >= 64) return false;
  if (head & FACT_HAS_TAG) {
    place->tag += fact_unzigzag(name);
    if (place->tag < 0 || place->tag >= INT32_MAX) return false;
    binding->tag = 1 + (uint32_t)place->tag;
  } else if ((binding->name = name) >= n_names) {
    return false;
  }
  if (!import_get_varint(reader, &binding->chain) || binding->chain > n_chains) return false;
  if (head & FACT_HAS_FLAGS && !fact_get_byte(reader, &binding->flags)) return false;
  bool has_eval_scope = (head & FACT_HAS_EVAL_SCOPE) != 0;
  if (has_eval_scope && (!import_get_varint(reader, &binding->eval_scope) || binding->eval_scope > n_scopes)) {
    return false;
  }
  if (!import_get_varint(reader, &row)) return false;
  place->row += fact_unzigzag(row);
  binding->row = (uint32_t)place->row;
  return place->row >= 0 && place->row <= UINT32_MAX;
}

/* Read a number that is no more than there are bytes left: each thing takes one at least. */
static inline bool fact_get_count(ImportReader *reader, uint32_t *count_out) {
  return import_get_varint(reader, count_out) && *count_out <= (size_t)(reader->end - reader->next);
}

/* How many of each thing there are. */
typedef struct {
  uint32_t n_names; /* behind those of the uses */
  uint32_t n_scopes, n_chains, n_bases, n_bindings, n_events, n_receivers, n_ghosts;
} FactTotals;

static inline bool fact_skip_texts(ImportReader *reader, uint32_t n) {
  ImportText text;
  for (uint32_t i = 0; i < n; i++) {
    if (!import_get_text(reader, &text)) return false;
  }
  return true;
}

/* Pass n numbers, none of which is beyond `most`. */
static inline bool fact_skip_numbers(ImportReader *reader, uint64_t n, uint32_t most) {
  uint32_t number;
  for (uint64_t i = 0; i < n; i++) {
    if (!import_get_varint(reader, &number) || number > most) return false;
  }
  return true;
}

static inline bool fact_skip_scopes(ImportReader *reader, FactTotals *totals) {
  int64_t last_tag = 0;
  for (uint32_t i = 1; i <= totals->n_scopes; i++) {
    FactScopeRecord scope;
    uint32_t chain;
    uint8_t kind;
    if (!fact_next_scope(reader, i, totals->n_chains, &last_tag, &scope)) return false;
    for (uint32_t j = 0; j < scope.n_bases; j++) {
      if (!fact_next_base(reader, totals->n_chains, &kind, &chain)) return false;
    }
    totals->n_bases += scope.n_bases;
  }
  return true;
}

static inline bool fact_skip_bindings(ImportReader *reader, uint32_t n_names, FactTotals *totals) {
  FactBindingPlace place = {0};
  for (uint32_t i = 0; i <= totals->n_scopes; i++) {
    uint32_t n;
    if (!fact_get_count(reader, &n)) return false;
    totals->n_bindings += n;
    for (uint32_t j = 0; j < n; j++) {
      FactBindingRecord binding;
      if (!fact_next_binding(reader, n_names, totals->n_chains, totals->n_scopes, i, &place, &binding)) return false;
    }
  }
  return true;
}

/* Count what there is; false unless these are records to their end. `n_use_names` is the number of names of the file's
 * uses. */
static inline bool facts_measure(const uint8_t *records, size_t size, uint32_t n_use_names, FactTotals *totals) {
  ImportReader reader = import_reader(records, size);
  memset(totals, 0, sizeof *totals);
  if (!size) return true;
  if (!fact_get_count(&reader, &totals->n_names) || totals->n_names > UINT32_MAX - n_use_names) return false;
  uint32_t n_names = n_use_names + totals->n_names;
  if (!fact_skip_texts(&reader, totals->n_names) || !fact_get_count(&reader, &totals->n_ghosts)) return false;
  if (!fact_skip_numbers(&reader, 4 * (uint64_t)totals->n_ghosts, UINT32_MAX)) return false;
  if (!fact_get_count(&reader, &totals->n_scopes) || !fact_get_count(&reader, &totals->n_chains)) return false;
  for (uint32_t i = 1; i <= totals->n_chains; i++) {
    FactChainRecord chain;
    if (!fact_next_chain(&reader, i, n_names, totals->n_scopes, &chain)) return false;
  }
  return fact_skip_scopes(&reader, totals) && fact_skip_bindings(&reader, n_names, totals) &&
         fact_get_count(&reader, &totals->n_events) &&
         fact_skip_numbers(&reader, 2 * (uint64_t)totals->n_events, UINT32_MAX) &&
         fact_get_count(&reader, &totals->n_receivers) &&
         fact_skip_numbers(&reader, totals->n_receivers, totals->n_chains + 1) && reader.next == reader.end;
}

/* Whether these are records to their end. */
static inline bool facts_are_sound(const uint8_t *records, size_t size, uint32_t n_use_names) {
  FactTotals totals;
  return facts_measure(records, size, n_use_names, &totals);
}

#endif
