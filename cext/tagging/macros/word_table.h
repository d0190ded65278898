/* What C's and C++'s own words and the known macros are to a declaration: one hash table for each language. */
#ifndef REPOMAP_WORD_TABLE_H_
#define REPOMAP_WORD_TABLE_H_

#include "platform.h"
#include "words.h"

typedef enum {
  WORD_PLAIN = 0,
  WORD_TYPE,      /* int */
  WORD_TYPE_OF,   /* decltype, with parentheses behind it */
  WORD_STORAGE,   /* static, virtual: no type, and none behind it is a macro's */
  WORD_QUALIFIER, /* const: before a name, or behind parameters */
  WORD_TYPEDEF,
  WORD_CLASS, /* class, struct, union */
  WORD_ENUM,
  WORD_NAMESPACE,
  WORD_USING,
  WORD_TEMPLATE,
  WORD_ACCESS,    /* public */
  WORD_OPERATOR,
  WORD_ATTRIBUTE, /* __attribute__, which the grammar knows */
  WORD_STATEMENT, /* return: what holds it is no declaration */
  WORD_REQUIRES,
  WORD_UNREAD,    /* `template` and the like in C, where they name things */
  /* Macros; by the numbers of macros.USES, in its order. */
  MACRO_ATTRIBUTE = 32, /* says something of a declaration */
  MACRO_ANYWHERE,       /* the same, and no program uses the word otherwise */
  MACRO_LINE,           /* a line of its own, which names nothing */
  MACRO_ACCESS,         /* signals: with a colon behind it */
  MACRO_VARIABLE,       /* argument n is the name of a variable, or of a field */
  MACRO_FUNCTION,       /* of a function, with or without a body */
  MACRO_TYPE,           /* of a type */
  MACRO_MEMBERS,        /* the arguments from n on are declarations */
  MACRO_PROPERTY,       /* the second word of the arguments is the name of a field */
} WordUse;

typedef struct {
  uint32_t hash;
  uint32_t start; /* byte of WordTable.text */
  uint8_t size;   /* 0: a free slot */
  uint8_t use;
  uint8_t argument; /* from 1 */
} WordEntry;

typedef struct {
  WordEntry *slots; /* (mask + 1,) owned */
  uint32_t mask;
  WordEntry *prefixes; /* (n_prefixes,) owned: macros whose names begin so */
  uint32_t n_prefixes;
  char *text;          /* the words; owned */
  uint32_t text_size;
  bool is_cpp;
} WordTable;

static inline const WordEntry *word_table_find(const WordTable *table, const uint8_t *word, size_t size) {
  uint32_t hash = word_hash(word, size);
  for (uint32_t i = hash & table->mask; table->slots[i].size; i = (i + 1) & table->mask) {
    const WordEntry *entry = &table->slots[i];
    if (entry->hash == hash && entry->size == size && memcmp(table->text + entry->start, word, size) == 0) return entry;
  }
  return NULL;
}

/* The longest known beginning of a macro's name; NULL if there is none. */
static inline const WordEntry *word_table_find_prefix(const WordTable *table, const uint8_t *word, size_t size) {
  const WordEntry *longest = NULL;
  for (uint32_t i = 0; i < table->n_prefixes; i++) {
    const WordEntry *entry = &table->prefixes[i];
    if (entry->size > size || memcmp(table->text + entry->start, word, entry->size) != 0) continue;
    if (!longest || entry->size > longest->size) longest = entry;
  }
  return longest;
}

static inline void word_table_free(WordTable *table) {
  free(table->slots);
  free(table->prefixes);
  free(table->text);
  memset(table, 0, sizeof *table);
}

/* Begin a table for at most `n` words of `n_bytes` together. False when there is no memory. */
static inline bool word_table_start(WordTable *table, uint32_t n, size_t n_bytes) {
  uint32_t n_slots = 64;
  while (n_slots < 2 * n) n_slots *= 2;
  word_table_free(table);
  table->slots = (WordEntry *)calloc(n_slots, sizeof(WordEntry));
  table->prefixes = (WordEntry *)calloc((size_t)n + 1, sizeof(WordEntry));
  table->text = (char *)malloc(n_bytes + 1);
  table->mask = n_slots - 1;
  return table->slots && table->prefixes && table->text;
}

/* Add a word of 1 to 255 bytes; a later one takes the place of an equal one. */
static inline void word_table_add(
  WordTable *table, const char *word, size_t size, bool is_prefix, uint8_t use, uint8_t argument
) {
  const uint8_t *bytes = (const uint8_t *)word;
  uint32_t hash = word_hash(bytes, size);
  WordEntry entry = {.hash = hash, .start = table->text_size, .size = (uint8_t)size, .use = use, .argument = argument};
  memcpy(table->text + table->text_size, word, size);
  table->text_size += (uint32_t)size;
  if (is_prefix) {
    table->prefixes[table->n_prefixes++] = entry;
    return;
  }
  const WordEntry *known = word_table_find(table, bytes, size);
  uint32_t i = hash & table->mask;
  if (known) {
    i = (uint32_t)(known - table->slots);
  } else {
    while (table->slots[i].size) i = (i + 1) & table->mask;
  }
  table->slots[i] = entry;
}

#endif
