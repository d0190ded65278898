/* Reads C and C++ as people write it, before the parser does: what the parser's grammar cannot read, because a
 * preprocessor would have changed it, is blanked in a copy of the text.
 *
 * One pass over bytes. It knows where it is by the brackets around: in a file, namespace or class it collects the words
 * of one declaration at a time and looks for what is no part of it (declarations.h). In the bodies of functions it
 * reads brackets and directives alone. `#if` and its kin are blanked everywhere, so that all branches are read one
 * after the other; where that cannot be, one branch is (conditionals.h).
 *
 * What it finds depends on the text and the table of words alone. */
#ifndef REPOMAP_READER_H_
#define REPOMAP_READER_H_

#include "arena.h"
#include "edits.h"
#include "word_table.h"

typedef enum {
  LEVEL_FILE,  /* a file, a namespace, extern "C" */
  LEVEL_CLASS, /* class, struct, union: declarations, too */
  LEVEL_ENUM,
  LEVEL_BODY,  /* of a function, or braces that nothing is known of */
  LEVEL_VALUE, /* an initializer */
  LEVEL_PAREN,
  LEVEL_INDEX,
} LevelKind;

typedef struct {
  uint8_t kind;    /* LevelKind */
  bool is_typedef; /* of a class or enum: whether names of the type follow */
  bool is_named;
  bool is_blanked; /* its brackets are gone: extern "C", and macros around members */
  bool is_paren;   /* of members in the arguments of a macro */
  bool is_function; /* of braces behind parameters */
  bool is_valued;  /* of an enum: behind the `=` of an enumerator */
  uint32_t name_start, name_end; /* of a class */
  uint32_t start;                /* byte of the bracket */
} Level;

typedef enum {
  TOKEN_WORD,
  TOKEN_GROUP,     /* (…) */
  TOKEN_INDEX,     /* […] */
  TOKEN_ATTRIBUTE, /* [[…]] */
  TOKEN_BRACES,    /* an initializer */
  TOKEN_ANGLES,    /* <…> */
  TOKEN_TEXT,      /* a string, a character or a number */
  TOKEN_SCOPE,     /* :: */
  TOKEN_SIGN,      /* any other character */
} TokenType;

typedef struct {
  uint8_t type; /* TokenType */
  uint8_t use;  /* of a word: WordUse */
  uint8_t argument;
  uint8_t sign;        /* of a sign: the character */
  bool is_first;       /* of its line */
  bool is_operator;    /* a word that is an operator's name */
  bool is_conversion;  /* of a conversion: no type stands before it */
  uint32_t start, end; /* bytes */
} Token;

enum {
  UNIT_TOKENS = 160, /* of a declaration, brackets and what is in them counted as one; longer ones are left alone */
  UNIT_BRANCHES = 4,
  MOST_LEVELS = 512,
  MOST_CONDITIONALS = 64,
  MOST_CARRIED = 8,  /* brackets that a branch may open or close for others */
  FILE_MACROS_LOG2 = 10,
  FILE_MOST_DEFINERS = 32,
  MOST_ENDLESS = 8,
  READER_CHECK_STEPS = 1 << 18,
};

/* The declaration at hand. */
typedef struct {
  Token tokens[UNIT_TOKENS];
  uint32_t n;
  bool is_long;       /* it had more tokens */
  bool is_value;      /* behind its `=` */
  bool is_further;    /* behind a comma that ends such a value */
  bool is_tail;       /* it follows the braces of a class or an enum */
  bool is_typedef;    /* of such a tail */
  bool is_named;      /* the same */
  bool has_angles;    /* `<` was taken for less-than once */
  uint32_t branches[UNIT_BRANCHES]; /* bytes of `;` that end signatures in other branches */
  uint32_t n_branches;
} Unit;

typedef enum { BRACES_NONE, BRACES_OPEN, BRACES_CLOSE, BRACES_TURN } BraceUse; /* to turn: `} else {` */

/* A macro of the file that defines what it is given, or stands for braces. */
typedef struct {
  uint32_t hash, start, end; /* of its name */
  uint8_t use;               /* WordUse, or WORD_PLAIN */
  uint8_t argument;          /* from 1 */
  uint8_t braces;            /* BraceUse */
  bool has_parameters;
  bool opens_file;           /* the brace is of a namespace or of extern "C" */
  bool ends;                 /* a semicolon is behind the brace that closes */
} FileDefiner;

#define NO_TOKEN UINT32_MAX

/* A name with all that qualifies it, and the arguments behind it. */
typedef struct {
  uint32_t first, last; /* tokens */
  uint32_t group;       /* token of the parentheses behind it, or NO_TOKEN */
} Item;

typedef struct {
  Item items[UNIT_TOKENS];
  uint32_t n;
} Items;

/* What was read of a declaration before its name is known. */
typedef struct {
  uint32_t first;    /* token that it begins with */
  Items words;       /* plain words: a type, a name, macros */
  Items calls;       /* macros with arguments that stand before anything else */
  bool has_type;
  bool has_storage;
  bool is_scoped;    /* storage that no function of old C has: static, extern */
  uint32_t n_stars;  /* before the name */
  uint32_t star;     /* token of the first */
} Head;

typedef struct {
  uint32_t start;    /* byte of the branch */
  uint32_t depth;    /* levels at `#if` */
  uint32_t low;      /* least levels in the branch at hand */
  Level closed[MOST_CARRIED]; /* those below `depth` that it has closed, innermost first */
  uint32_t n_tokens; /* of the unit at `#if` */
  uint8_t kind;      /* LevelKind around `#if` */
  bool is_within;    /* `#if` is within a statement */
  bool reads_one;    /* within a declaration: other branches are left out */
  bool is_dead;      /* the branch at hand is `#if 0` */
  bool has_carry;    /* a branch has ended, and said what levels the whole leaves */
  uint32_t carry_low, n_carried;
  Level carried[MOST_CARRIED];
} Conditional;

typedef struct {
  const WordTable *words;
  const uint8_t *text; /* (size,) borrowed */
  uint32_t size, at;
  bool is_first;       /* no token of the line yet */
  bool has_failed;     /* there is too much of something: the text stays as it is */
  uint32_t last_end;   /* where the last token ends */
  Level levels[MOST_LEVELS];
  uint32_t depth;
  Unit unit;
  Head head;           /* of the unit, while it is read */
  Conditional conditionals[MOST_CONDITIONALS];
  uint32_t n_conditionals;
  uint32_t n_skipped;  /* conditionals in the branch that is skipped; 0: none is */
  uint32_t skip_start; /* byte */
  uint32_t file_macros[1 << FILE_MACROS_LOG2]; /* hashes of the file's own macros that say nothing of types; 0: free */
  uint32_t n_file_macros;
  FileDefiner definers[FILE_MOST_DEFINERS];
  uint32_t n_definers;
  bool has_brace_macros; /* some of them */
  uint32_t n_endless;  /* raw texts without an end */
  uint64_t n_steps;    /* bytes that were looked at, from the first file on */
  Edits edits;
} Reader;

/* A reader with nothing read; NULL when there is no memory. */
Reader *reader_new(void);
void reader_delete(Reader *reader);

/* Read a text. On ARENA_RUNNING `reader->edits` has what there is to change: all of it is empty where nothing is, or
 * where the text is too wild. It lives until the next call. */
ArenaVerdict reader_read(
  Reader *reader, const Arena *arena, const WordTable *words, const uint8_t *text, uint32_t size
);

static inline bool reader_declares(const Reader *reader) {
  return reader->levels[reader->depth].kind <= LEVEL_CLASS;
}

#endif
