/* Names and members that are used as values, and not bound in a function around them.
 *
 * A query cannot tell a parameter from a function that is handed on: that takes the scopes of the file. One walk notes
 * each identifier by the part that it plays at its place, which a table of node kinds says for each language: it is
 * used, or bound in the function around it, or neither. At its end all bindings are known: what is bound is left out.
 */
#ifndef REPOMAP_USES_H_
#define REPOMAP_USES_H_

#include "facts.h"
#include "interner.h"

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
  USE_PATTERN,  /* of a pattern: bound, unless it begins with a capital: then it is a constant, and used */
  USE_DEFINED,  /* the name of the function that it stands in, and no use */
  USE_RANGED,   /* bound in the node around it that is marked so: the type of a template */
  USE_IMPORT,   /* imported: bound where that is not done for the whole file, and no use */
  USE_ELEMENT,  /* a value that is used, or where it begins with a small letter, an element of HTML */
  USE_SKIP      /* neither */
} UsePart;

typedef enum { USE_KIND_READ, USE_KIND_WRITE, USE_KIND_MEMBER, USE_N_KINDS } UseKind;

/* Where a node keeps what a child of its is: see FactFrame. */
typedef enum {
  FACT_SLOT_NONE,
  FACT_SLOT_BASE,
  FACT_SLOT_SECOND,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  FACT_SLOT_UNION,       /* one of several that the base may be */
  FACT_SLOT_ARGUMENT,    /* one more of a list */
  FACT_SLOT_ARGUMENTS,   /* of a call, whose function decides whether they matter */
  FACT_SLOT_MEMBER,      /* the name of a member of the base */
  FACT_SLOT_TARGET,      /* binds names */
  FACT_SLOT_DEFINED,     /* the name of what the node defines */
  FACT_SLOT_PARAMETERS,
  FACT_SLOT_BASES,       /* its children are bases of the scope */
  FACT_SLOT_RESULT,      /* the written type of what a function gives */
  FACT_SLOT_BODY,        /* stands in the scope that the node opens; where it is not named, the whole node does */
  FACT_SLOT_BODY_VALUE,  /* the same, and is what the function gives */
  FACT_SLOT_GIVEN,       /* where it is a value, it is what the function gives */
  FACT_SLOT_HERITAGE,    /* a base of the scope */
  FACT_SLOT_ENTRY,       /* a key of an object: binds a member of it */
  FACT_SLOT_SOURCE,      /* the module that something comes from */
  FACT_SLOT_ALIAS,       /* by what name it is seen from outside */
  FACT_SLOT_METHOD_OF,   /* the parameter that is the object of a method: it says of what */
  FACT_SLOT_EXPECTED,    /* what the next value has to be */
  FACT_SLOT_KEY,         /* a keyword */
  FACT_SLOT_INDEX,       /* the name of a member of the base, as a type: T["name"] */
  FACT_SLOT_DECORATOR
} FactSlot;

/* What a node makes of what its children are. */
typedef enum {
  FACT_DO_NOTHING,
  FACT_DO_NAME,          /* those of a leaf */
  FACT_DO_SELF,
  FACT_DO_SUPER,
  FACT_DO_LITERAL,       /* of a kind: UseRule.data */
  FACT_DO_NO_TYPE,       /* the same; one that has no members is no value: any, never, null */
  FACT_DO_STRING,        /* a literal; in an annotation a type */
  FACT_DO_PASS,          /* its base is what the node is; with UseRule.data only in an annotation */
  FACT_DO_TYPE,          /* the same, of a type */
  FACT_DO_LIST,          /* its arguments are */
  FACT_DO_OP,            /* one step on from its base: UseRule.data */
  FACT_DO_MEMBER,
  FACT_DO_CALL,
  FACT_DO_ITEM,          /* in an annotation a generic type with its arguments */
  FACT_DO_GENERIC,
  FACT_DO_ARRAY,         /* a generic type without a name */
  FACT_DO_EITHER,        /* of an operator that gives one of its operands */
  FACT_DO_KEYWORD,
  FACT_DO_TAG,           /* a struct, union or enum that is only named */
  FACT_DO_DECORATED,
  FACT_DO_APPLY,         /* a call whose arguments are what its function says: UseRule.data is its step */
  FACT_DO_GIVE,          /* these arguments */
  FACT_DO_CAST,          /* of the type that stands behind it, or of what it has to be where that is none */
  FACT_DO_ITEMS,         /* a literal, of items of what it has to be: UseRule.data is its kind */
  FACT_DO_ASSIGN,        /* its base, which has to be what it is assigned to */
  FACT_DO_SPREAD,        /* an object has the members of another */
  FACT_DO_INDEX,         /* the same, and all members without a name of their own are of a type */
  FACT_DO_ELEMENT,       /* of JSX */
  FACT_DO_ATTRIBUTE,     /* of such an element: a member of what the element is given */
  FACT_DO_DECORATOR,
  FACT_DO_STORAGE,       /* says where the declaration around it is visible */
  FACT_DO_PATTERN,       /* what it binds is a part of a value that is not known; a parameter with the flags UseRule.data */
  FACT_DO_UNPACK,        /* what it binds is a part: a member or an item, UseRule.data */
  FACT_DO_TYPE_PARAMETER, /* with UseRule.data its binding is of that kind, and has a default too */
  FACT_DO_INVOKE,        /* the call of a member of its base, or of a name */
  FACT_DO_DECLARATOR,    /* of a function */
  FACT_DO_INITIALIZER,   /* with UseRule.data FACT_ITEM, in another one, an item of what that has to be */
  FACT_DO_DESIGNATOR,    /* names a member of what is initialized, or says which item that is */
  FACT_DO_RECORD,        /* a class where it has a body, else FACT_DO_TAG */
  FACT_DO_HERITAGE,
  FACT_DO_EXPORT,
  FACT_DO_EXPORTED,
  FACT_DO_DECLARE,       /* what its target binds has its type or value, one step on: UseRule.data */
  FACT_DO_NEW,           /* an instance of its base; a body of it is a class without a name */
  FACT_DO_EXCEPT,
  FACT_DO_RETURN,
  FACT_DO_FUNCTION,
  FACT_DO_BLOCK,         /* a function that has no object of its own; with UseRule.data a literal */
  FACT_DO_BRACES,        /* what is bound in it is not seen behind it; the body of a function is the function's */
  FACT_DO_SWITCH,        /* the same, and FACT_DO_DECLARE */
  FACT_DO_CASE,          /* the same, and what the switch around it binds is of its only argument */
  FACT_DO_CLASS          /* with UseRule.data a scope of that kind */
} FactAction;

enum {
  USE_MAX_FIELDS = 8,
  USE_FIRST_ORDINAL = 0xFF00, /* field of the first named child, and so on */
  USE_MAX_CALLS = 4
};

/* What else decides which rule a node of a grammar without facts has. */
typedef enum {
  USE_ALWAYS,
  USE_IF_ASSIGNED,      /* only where its operator assigns; which side, and where that is bound, the operator says */
  USE_IF_NAMED,         /* its key is a name, unless it stands in brackets: then it is a value */
  USE_IF_VALUED,        /* its name is bound where a value follows it */
  USE_IF_ALONE,         /* its key is bound where no value follows it */
  USE_LET,              /* a pattern, which binds what it holds where a word says so */
  USE_ASSIGNMENT        /* names a parameter among arguments, and defines a function where its first child is a head */
} UseChoice;

/* Operators that assign, but not as `name <- value` does. */
typedef enum { USE_TO_THE_RIGHT, USE_OUTWARDS, USE_OUTWARDS_TO_THE_RIGHT, USE_N_SIDES } UseSide;

/* Whether a node is what a function is defined by, or its first child may be. */
typedef enum { USE_NO_HEAD, USE_IS_HEAD, USE_HAS_HEAD } UseHead;

/* What the parts of a kind of node are. */
typedef struct {
  uint8_t is_known;     /* whether there is a row for it in the tables; else all is inherited */
  uint8_t is_name;      /* an identifier */
  uint8_t is_symbol;    /* an identifier behind a colon or a dollar */
  uint8_t is_word;      /* an identifier if no digit begins it */
  uint8_t is_said_global; /* an identifier of PowerShell, if its scope is said to be the script's; else nothing */
  uint8_t is_only_pattern; /* an identifier where it is of a pattern, else nothing */
  uint8_t is_macro_body; /* a text without a tree, whose names are used */
  uint8_t is_field;     /* an identifier that is a member, wherever it stands in a pattern */
  uint8_t is_only_member; /* an identifier where it is a member, else nothing */
  uint8_t is_member;    /* and, where it is bound or names what is bound, a member of the same name: {name} */
  uint8_t is_function;  /* what is bound below it is bound there */
  uint8_t is_class;     /* what is bound below it is a member, and bound nowhere */
  uint8_t is_range;     /* what its list of parameters binds is bound in all of it */
  uint8_t is_parameters; /* such a list */
  uint16_t implicit;    /* bits of use_implicit: names that are bound in it, but written nowhere */
  uint8_t choice;       /* UseChoice */
  uint8_t head;         /* UseHead */
  uint8_t has_keywords; /* an assignment in it names a parameter, unless it binds */
  uint8_t others;       /* UsePart of its children without a field of these */
  uint8_t n_fields;
  uint8_t action;       /* FactAction */
  uint8_t data;         /* of the action */
  uint8_t other_slot;   /* FactSlot of its children without a field of these */
  uint8_t has_ordinals; /* some fields are places among the named children */
  uint8_t has_body;     /* one of them is the body */
  uint8_t is_marked;    /* the walk notes these nodes for its caller */
  uint8_t parts[USE_MAX_FIELDS];     /* UsePart of the child in each field */
  uint8_t slots[USE_MAX_FIELDS];     /* FactSlot of it */
  uint16_t fields[USE_MAX_FIELDS];
} UseRule;

/* What a row of use_rules.h says of a kind of node. */
enum { USE_MAX_ROW_FIELDS = 4 };

typedef struct {
  const char *grammars; /* between spaces */
  const char *node;
  UsePart others;       /* children without a field of these */
  struct {
    const char *name;
    UsePart part;
  } fields[USE_MAX_ROW_FIELDS];
  bool is_name, is_symbol, is_word, is_said_global, is_only_member, is_only_pattern, is_field, is_member;
  bool is_macro_body;
  bool is_function, is_class, is_range, is_parameters, has_keywords;
  UseChoice choice;
  UseHead head;
} UseRow;

/* A function whose call is known by its name: it gives an instance of its first argument, or that itself. */
typedef struct {
  const char *name;
  uint8_t op;           /* FACT_INSTANCE, or FACT_NAME */
} UseCall;

typedef struct {
  UseRule *rules;            /* (n_symbols,) owned, as the fields */
  uint32_t n_symbols;
  uint32_t *first_fields;    /* (n_productions + 1,) bounds in child_fields */
  uint16_t *child_fields;    /* field of each child of a production, 0 none */
  uint32_t n_productions;
  UseCall calls[USE_MAX_CALLS];
  UseRule sides[USE_N_SIDES]; /* what an assignment is whose operator is not that of its row */
  const char *no_names;      /* words between spaces that stand where names do and are none, or NULL */
  bool has_facts;
  bool has_docs;             /* comments say of what types parameters, results and variables are */
  bool has_named_self;       /* the first parameter of a method is its object */
  bool expects;              /* what an object or a function is given to says what it has to be */
  bool awaits;               /* a function whose type is a promise gives what that is of */
  bool keeps_parameters;     /* all are written, for they are known by their places */
} UseRules;

typedef struct {
  uint32_t name;        /* id of UseFinder.names */
  uint32_t scope;       /* of Facts.scopes */
  uint32_t start;       /* byte */
  uint32_t row, column; /* zero-based; bytes */
  uint32_t receiver;    /* FactReceiver */
  uint8_t kind;
  uint8_t is_member;    /* a member, if its name is bound */
  uint8_t is_element;   /* of HTML: what a query takes for a tag there is none */
} Use;

enum {
  FACT_BARE = 0,        /* nothing stands before the dot */
  FACT_UNKNOWN = 1      /* something that no chain says; else 1 + the chain */
};

/* A name that is bound in a part of the text, whatever scopes are there. */
typedef struct {
  uint32_t name;        /* id of UseFinder.names */
  uint32_t start, end;  /* bytes */
} UseRange;

/* A tag of the file, in the order of where its name starts. */
typedef struct {
  uint32_t start;       /* byte of its name */
  uint32_t row, column;
  uint32_t receiver;
  uint32_t name;        /* 1 + id of UseFinder.names, where the walk has seen it; 0 */
  uint8_t is_reference;
  uint8_t may_be_none;  /* a regex is still to decide */
} FactTagged;

/* Whether strings are types here. What Literal has in its brackets never is one. */
typedef enum { USE_IN_VALUE, USE_IN_TYPE, USE_NEVER_TYPE } UseInType;

typedef struct {
  uint8_t part;         /* of the node */
  uint8_t binds;        /* whether what is bound here is bound in a function */
  uint8_t slot;         /* where the node around it keeps what it is */
  uint8_t action;
  uint8_t wants;        /* whether somebody asks for its chain */
  uint8_t leaves;       /* whether there is something to do at its end */
  uint8_t opens;        /* whether the names in it stand in another scope than those around it */
  uint8_t in_type;      /* UseInType */
  uint8_t in_parameters;
  uint8_t in_let;       /* a pattern around it binds the names in the patterns below */
  uint16_t field;       /* of a hidden node, which its children have; 0 none */
  uint32_t scope;       /* that its names stand in */
  uint32_t bind_scope;  /* that what it binds is bound in */
  uint32_t frame;       /* of the visible node */
  uint32_t range_end;   /* byte behind the innermost node that is a range; 0: there is none */
  uint32_t bound_until; /* the same in its list of parameters, else 0 */
  const UseRule *rule;  /* of the visible node around the children */
} UseContext;

/* What is known of a name in a scope. */
typedef enum {
  USE_IS_LOCAL = 1,     /* bound there */
  USE_IS_OPEN = 2,      /* said to be bound outside of the function */
  USE_IS_DEFINED = 4    /* a definition of the file is bound to it there: its uses are references */
} UseBound;

typedef struct {
  uint64_t key;         /* 1 + scope and name; 0: free */
  uint8_t is;           /* UseBound bits */
  bool is_kept;         /* the writer has kept one of them */
} UseBinding;

typedef struct {
  RepomapWalk walk;
  Interner names;             /* of the file at hand; its holder seeds it */
  Use *uses;                  /* (n,) of the file at hand, by start; owned, as all that follows */
  size_t n, capacity;
  UseRange *ranges;           /* (n_ranges,) by start */
  size_t n_ranges, ranges_capacity;
  UseContext *contexts;       /* by depth of the walk */
  size_t contexts_capacity;
  UseBinding *bindings;       /* (n_slots,) a hash table, of a power of two */
  size_t n_slots, n_bindings;
  uint32_t *local_ids;        /* (local_ids_capacity,) 1 + number among the names that are kept; 0 none */
  size_t local_ids_capacity;
  uint32_t text_size;         /* bytes */
  const uint8_t *doc_text;    /* borrowed; the text where its comments say types, else NULL */
  FactTagged *tags;           /* (n_tags,) of the file */
  size_t n_tags, tags_capacity;
  TSNode *marked;             /* (n_marked,) in the order of the text */
  size_t n_marked, marked_capacity;
  TSNode *starts;             /* (n_starts,) nodes at which a pattern may begin, and nobody was told of yet */
  size_t n_starts, starts_capacity;
  Facts facts;
} UseFinder;

/* The rules of a grammar, by its name; empty for one that has none. `marks` says of each kind of node whether the walk
 * is to note it, (symbol count,) or NULL. False where there is no memory. */
bool repomap_use_rules(const TSLanguage *language, const char *grammar, const uint8_t *marks, UseRules *rules_out);

/* Begin with another file. `finder` is zeroed memory or was used before. */
ArenaVerdict repomap_start_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const uint8_t *text, uint32_t size
);

/* Who is told of nodes at which a pattern of a query may begin, some at a time, in the order of the text. */
typedef struct {
  const uint8_t *is_start;    /* as repomap_walk_start() takes it; NULL: none */
  uint32_t n_symbols;
  int (*take)(void *payload, const TSNode *starts, size_t n);  /* returns an ArenaVerdict */
  void *payload;
} UseStarts;

/* Add the uses and facts of a tree of the file, which may be one of several, in the order of the text. In place of
 * those of the tree before, find the nodes that are marked. */
ArenaVerdict repomap_find_uses(
  UseFinder *finder, Arena *arena, const UseRules *rules, const TSTree *tree, const uint8_t *text, UseStarts starts
);

/* Leave out uses that a tag is at, having given it their receiver, and those that are bound in a function around them
 * to something that is no definition of the file. */
ArenaVerdict repomap_settle_uses(UseFinder *finder, Arena *arena, const UseRules *rules);

/* Append the records of the facts; `local_ids` are those of the names of the uses, `n_use_names` of them. Unless the
 * verdict is ARENA_RUNNING, none are appended. */
ArenaVerdict repomap_append_facts(
  UseFinder *finder, Arena *arena, const UseRules *rules, uint32_t n_use_names, RepomapBytes *records
);

void repomap_free_use_rules(UseRules *rules);

void repomap_free_uses(UseFinder *finder);

/* Free what the files before have left behind; the finder may go on. */
void repomap_forget_uses(UseFinder *finder);

#endif
