/* What a file says of its names: scopes, what is bound in them, and chains that say what stands before a dot.
 *
 * A chain is one step on from another chain: a name, a member of what another chain says, its result when it is called.
 * Equal chains are one. The walk of uses.h makes them from the leaves upwards, so that each node is looked at once. */
#ifndef REPOMAP_FACTS_H_
#define REPOMAP_FACTS_H_

#include "fact_records.h"
#include "merge_sort.h"
#include "walk.h"

enum {
  FACT_NONE = 0,                  /* no chain; others are 1 + their number */
  FACT_UNSET = UINT32_MAX,        /* of a binding whose value comes later in the text */
  FACT_MOST_DEPTH = 24,           /* steps of a chain; what is longer is not known */
  FACT_MOST_RETURNS = 4,          /* values of a function without a written type */
  FACT_MOST_GIVEN = 4,            /* arguments of a call that are known; none of a longer list */
  FACT_MOST_HOLES = 8,            /* casts within each other that say what is in them: each looks at all that is in it */
  FACT_COPIES = 2,                /* of the records: in the block, and where it is taken from */
  FACT_NO_START = UINT32_MAX,
  FACT_HOLE = FACT_N_OPS          /* op of a chain whose beginning comes later in the text; never written */
};

typedef struct {
  uint8_t op;                     /* FactOp */
  uint8_t depth;                  /* steps, itself among them */
  uint32_t base;                  /* by its op: a chain, a scope or a number */
  uint32_t second;                /* by its op: a chain, a number, or an id of UseFinder.names */
} FactChain;

/* Bytes of a comment, or of a part of one; none where its end is 0. */
typedef struct {
  uint32_t start, end;
} FactDoc;

typedef struct {
  uint32_t parent;                /* of the scopes; 0 is the file, around which there is none */
  uint32_t function;              /* that the scope is a part of, where it is braces; else itself */
  uint32_t name_start;            /* byte of the name that the scope is known by, or FACT_NO_START */
  uint32_t name_row;              /* zero-based; of that name */
  uint32_t self_name;             /* 1 + id of the first parameter's name, of a method that has one for its object; 0 */
  uint32_t result;                /* chain of what a function gives */
  uint32_t expected;              /* chain of what a function without a name has to be */
  uint32_t n_parameters;          /* so far */
  FactDoc doc;                    /* comment that says of what types they are */
  uint8_t kind;                   /* FactScopeKind */
  uint8_t n_returns;
  bool has_written_result;
  bool has_parameters;
  bool is_braces;                 /* a part of the function around it */
  bool is_static;                 /* a method without an object */
} FactScope;

typedef struct {
  uint32_t scope;
  uint32_t chain;
  uint32_t place;                 /* among all bases */
  uint8_t kind;                   /* FactBaseKind */
} FactBase;

typedef struct {
  uint32_t start;                 /* byte of the name */
  uint32_t row;
  uint32_t name;                  /* id of UseFinder.names */
  uint32_t scope;
  uint32_t eval_scope;            /* in which the chain holds */
  uint32_t chain;
  uint32_t tag;                   /* that the name is of, or n_tags; known once the writer begins */
  uint8_t kind;                   /* FactBindingKind */
  uint8_t flags;                  /* FactFlags */
} FactBinding;

/* From this byte on, names stand in this scope. */
typedef struct {
  uint32_t start;
  uint32_t scope;
} FactEvent;

/* What a node has gathered from its children; see FactSlot. */
typedef struct {
  uint32_t base, second, type, value;   /* chains */
  uint32_t first_binding, end_binding;  /* those of the names that it declares */
  uint32_t first_use, end_use;    /* of what is unpacked */
  uint32_t prefix;                /* chain that its base is a member of, a::(b::c) */
  uint32_t expected;              /* chain of what an object literal, or what is around a method of one, has to be */
  uint32_t scope;                 /* that it opens */
  uint32_t name;                  /* 1 + id of a member's name, or of a key; 0 */
  uint32_t start, row, column;    /* of the node */
  uint32_t n_children;            /* named ones that were passed */
  uint32_t member_start;          /* byte of the name of a member that is assigned; 0 none */
  uint8_t flags;                  /* FactFlags of what it defines */
  bool has_bases;                 /* its children are bases of the scope */
  bool is_object;
  bool has_base;                  /* something stood in the place of its base */
  bool has_hole;                  /* what is in it has to be of a type that comes later in the text */
} FactFrame;

typedef struct {
  FactChain *chains;              /* (n_chains,) owned, as all that follows */
  size_t n_chains, chains_capacity;
  uint32_t *slots;                /* (n_slots,) a hash table of the chains, of a power of two: 1 + number, or 0 */
  size_t n_slots;
  FactScope *scopes;
  size_t n_scopes, scopes_capacity;
  FactBase *bases;
  size_t n_bases, bases_capacity;
  FactBinding *bindings;
  size_t n_bindings, bindings_capacity;
  FactEvent *events;
  size_t n_events, events_capacity;
  FactFrame *frames;              /* of the nodes around the place that gather something; the first is of none */
  size_t n_frames, frames_capacity;
  uint32_t member_start;          /* byte of the name of the last member that was assigned; 0 none */
  uint32_t n_holes;               /* of the casts around the place */
  uint32_t *numbers;              /* scratch of the writer */
  size_t numbers_capacity;
} Facts;

#endif
