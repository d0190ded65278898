/* The words of C and C++ that say what a declaration is. */
#ifndef REPOMAP_KEYWORDS_H_
#define REPOMAP_KEYWORDS_H_

#include "word_table.h"

typedef struct {
  const char *words; /* separated by blanks */
  WordUse use;
  bool is_cpp; /* of C++ alone */
} KeywordGroup;

static const KeywordGroup c_keywords[] = {
  {"int char void short long float double signed unsigned bool _Bool _Complex __int128 __signed__ __int64 wchar_t",
   WORD_TYPE, false},
  {"auto char8_t char16_t char32_t", WORD_TYPE, true},
  {"typeof __typeof__ __typeof _Atomic", WORD_TYPE_OF, false},
  {"decltype", WORD_TYPE_OF, true},
  {"static extern inline register auto __inline __inline__ __extension__ _Thread_local __thread _Noreturn",
   WORD_STORAGE, false},
  {"virtual explicit constexpr consteval constinit mutable friend thread_local typename export", WORD_STORAGE, true},
  {"const volatile restrict __restrict __restrict__ __const __const__ __volatile__", WORD_QUALIFIER, false},
  {"noexcept override final throw try", WORD_QUALIFIER, true},
  {"typedef", WORD_TYPEDEF, false},
  {"struct union", WORD_CLASS, false},
  {"class", WORD_CLASS, true},
  {"enum", WORD_ENUM, false},
  {"namespace", WORD_NAMESPACE, true},
  {"using static_assert concept import module", WORD_USING, true},
  {"_Static_assert", WORD_USING, false},
  {"template", WORD_TEMPLATE, true},
  {"public private protected", WORD_ACCESS, true},
  {"operator", WORD_OPERATOR, true},
  {"requires", WORD_REQUIRES, true},
  {"__attribute__ __attribute __declspec _Alignas alignas asm __asm__ __asm", WORD_ATTRIBUTE, false},
  {"return if else for while do switch case break continue goto sizeof default", WORD_STATEMENT, false},
  {"new delete this", WORD_STATEMENT, true},
};

/* Words of all keywords, and the bytes that they take, at the most. */
enum { MOST_KEYWORDS = 128, MOST_KEYWORD_BYTES = 1536 };

static inline void word_table_add_keywords(WordTable *table, bool is_cpp) {
  table->is_cpp = is_cpp;
  for (size_t i = 0; i < sizeof c_keywords / sizeof *c_keywords; i++) {
    if (c_keywords[i].is_cpp && !is_cpp) continue;
    for (const char *word = c_keywords[i].words; *word;) {
      size_t size = strcspn(word, " ");
      word_table_add(table, word, size, false, (uint8_t)c_keywords[i].use, 0);
      word += size + (word[size] == ' ');
    }
  }
}

#endif
