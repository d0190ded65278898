/* Blanks the lines of conditional compilation in Swift, which the grammar does not know in all places: all branches are
 * read, one after the other. Part of repairs.h.
 *
 * Where each branch opens the same brackets, as `#if` before one head of a function and `#else` before another, what
 * the earlier ones opened is closed in the lines of the directives. Where each closes them, the later branches are
 * blanked. */
#ifndef REPOMAP_SWIFT_CONDITIONALS_H_
#define REPOMAP_SWIFT_CONDITIONALS_H_

#include "repair_text.h"

enum {
  SWIFT_MOST_OPEN = 8,
  SWIFT_MOST_BRANCHES = 8,
  SWIFT_MOST_NESTED = 32,
  SWIFT_LONGEST_CLOSE = 4 * SWIFT_MOST_OPEN
};

typedef enum { SWIFT_NONE, SWIFT_IF, SWIFT_ELSE, SWIFT_ENDIF } SwiftDirective;

/* What a branch leaves open, innermost last, and how many brackets of before it closes. */
typedef struct {
  uint8_t open[SWIFT_MOST_OPEN];
  size_t n_open, n_closed;
  bool is_lost;        /* too many are open */
} SwiftBranch;

typedef struct {
  SwiftBranch branches[SWIFT_MOST_BRANCHES];
  size_t ends[SWIFT_MOST_BRANCHES], behind[SWIFT_MOST_BRANCHES]; /* the line of the directive behind each */
  bool is_closed[SWIFT_MOST_BRANCHES];
  size_t n;            /* branches before the one that is read */
  size_t start;        /* of the branch that is read */
  SwiftBranch now;
} SwiftChain;

static inline void swift_count(SwiftBranch *branch, uint8_t byte) {
  if (byte == '{' || byte == '(' || byte == '[') {
    if (branch->n_open == SWIFT_MOST_OPEN) {
      branch->is_lost = true;
    } else {
      branch->open[branch->n_open++] = byte;
    }
  } else if (byte == '}' || byte == ')' || byte == ']') {
    if (branch->n_open) {
      branch->n_open--;
    } else {
      branch->n_closed++;
    }
  }
}

/* Write `closing` into a line that is blank, if there is room. */
static inline void swift_write(RepairText *repair, size_t start, size_t end, const char *closing) {
  size_t size = strlen(closing);
  if (end - start < size) return;
  memcpy(repair->text + start, closing, size);
  repair->is_changed = true;
}

/* Close in the line behind it what a branch opened. A function whose parameters are cut has a body of its own. */
static inline void swift_close(RepairText *repair, SwiftChain *chain, size_t i) {
  const SwiftBranch *branch = &chain->branches[i];
  char closing[SWIFT_LONGEST_CLOSE + 1];
  size_t n = 0;
  for (size_t left = branch->n_open; left-- > 0;) {
    uint8_t byte = branch->open[left];
    const char *with = byte == '(' ? (n == 0 ? ") {}" : ")") : byte == '[' ? "]" : "}";
    memcpy(closing + n, with, strlen(with));
    n += strlen(with);
  }
  closing[n] = 0;
  swift_write(repair, chain->ends[i], chain->behind[i], closing);
  chain->is_closed[i] = true;
}

/* A branch ends at the directive whose line is from `line` to `end`. */
static inline void swift_end_branch(RepairText *repair, SwiftChain *chain, size_t line, size_t start, size_t end) {
  SwiftBranch *now = &chain->now;
  for (size_t i = 0; i < chain->n; i++) {
    const SwiftBranch *before = &chain->branches[i];
    if (now->is_lost || before->is_lost || before->n_closed != now->n_closed || before->n_open != now->n_open) continue;
    if (!now->n_closed && now->n_open && !chain->is_closed[i]) swift_close(repair, chain, i);
    if (now->n_closed) {
      repair_blank(repair, chain->start, line);
      break;
    }
  }
  if (chain->n < SWIFT_MOST_BRANCHES) {
    chain->branches[chain->n] = *now;
    chain->ends[chain->n] = start;
    chain->behind[chain->n] = end;
    chain->is_closed[chain->n++] = false;
  }
  memset(now, 0, sizeof *now);
}

/* A chain of branches has ended, before `behind`: what the last one leaves open goes on. */
static inline void swift_end_chain(RepairText *repair, SwiftChain *chain, SwiftBranch *around, size_t behind) {
  const SwiftBranch *last = &chain->branches[chain->n - 1];
  size_t next = repair_skip_space(repair, behind);
  bool has_body = next < repair->size && repair->text[next] == '{';
  for (size_t i = 0; i + 1 < chain->n && has_body; i++) {
    const SwiftBranch *branch = &chain->branches[i];
    /* One body for several heads. */
    if (!branch->n_open && !branch->n_closed) swift_write(repair, chain->ends[i], chain->behind[i], "{}");
  }
  for (size_t i = 0; i < last->n_closed; i++) swift_count(around, '}');
  for (size_t i = 0; i < last->n_open; i++) swift_count(around, last->open[i]);
  around->is_lost |= last->is_lost;
}

static inline SwiftDirective swift_directive(const RepairText *repair, size_t start, size_t end) {
  if (start >= end || repair->text[start] != '#') return SWIFT_NONE;
  size_t word_end = repair_word_end(repair, start + 1);
  if (repair_equals(repair, start + 1, word_end, "if")) return SWIFT_IF;
  if (repair_equals(repair, start + 1, word_end, "endif")) return SWIFT_ENDIF;
  bool is_else =
      repair_equals(repair, start + 1, word_end, "else") || repair_equals(repair, start + 1, word_end, "elseif");
  return is_else ? SWIFT_ELSE : SWIFT_NONE;
}

static inline void repair_swift(RepairText *repair) {
  SwiftChain chains[SWIFT_MOST_NESTED];
  SwiftBranch outside = {.n_open = 0};
  size_t depth = 0, lost = 0; /* chains that are open, and those too deep to be followed */
  bool is_start = true;       /* of a line */
  for (size_t i = 0; i < repair->size;) {
    SwiftBranch *around = depth ? &chains[depth - 1].now : &outside;
    if (is_start) {
      size_t line = i, end = i, start = repair_skip_blanks(repair, i);
      is_start = false;
      SwiftDirective directive = swift_directive(repair, start, repair->size);
      if (directive == SWIFT_NONE) continue;
      while (end < repair->size && repair->text[end] != '\n') end++;
      repair_blank(repair, start, end);
      i = end;
      if (directive == SWIFT_IF && depth == SWIFT_MOST_NESTED) {
        lost++;
      } else if (directive == SWIFT_IF) {
        memset(&chains[depth], 0, sizeof *chains);
        chains[depth++].start = end;
      } else if (lost) {
        lost -= directive == SWIFT_ENDIF;
      } else if (depth) {
        SwiftChain *chain = &chains[depth - 1];
        swift_end_branch(repair, chain, line, start, end);
        chain->start = end;
        if (directive == SWIFT_ENDIF) {
          depth--;
          swift_end_chain(repair, chain, depth ? &chains[depth - 1].now : &outside, end);
        }
      }
      continue;
    }
    if (repair->text[i] == '\n') {
      is_start = true;
      i++;
      continue;
    }
    size_t behind = repair_skip_quoted(repair, i);
    if (behind == i) swift_count(around, repair->text[i]);
    i = behind == i ? i + 1 : behind;
  }
}

#endif
