/* A worker's arena: all that one parse allocates, given up in one step.
 *
 * A bump allocator over pages of its own, with lists of freed blocks by size. Nothing is returned before
 * arena_reset(), so no tree is ever freed node by node. It is also the one place through which every loop of the
 * parser passes, those that never call the progress callback included: past its budget, arena_allocate() leaves by
 * longjmp to the caller of the parser. See docs/decisions.md, "An arena for each worker".
 *
 * Not thread-safe: one worker, one arena. */
#ifndef REPOMAP_ARENA_H_
#define REPOMAP_ARENA_H_

#include <setjmp.h>

#include "platform.h"

/* A block is a header and what the caller sees; its size is a multiple of ARENA_GRAIN. */
#define ARENA_GRAIN 16
#define ARENA_HEADER sizeof(uint64_t)
/* Up to here every size has its own list; above, sizes are powers of two. */
#define ARENA_SMALL 1024
#define ARENA_N_SMALL (ARENA_SMALL / ARENA_GRAIN + 1)
#define ARENA_N_LISTS (ARENA_N_SMALL + 64)
/* The first chunk is kept from one file to the next: room for the tree of 400 kB of C on average. Pages of it that no
 * tree has reached yet cost nothing. */
#define ARENA_FIRST_CHUNK ((size_t)8 << 20)
#define ARENA_LARGEST_CHUNK ((size_t)32 << 20)
/* Of the parser's stack. The first is kept as well: a stack is seldom deeper than some hundred nodes. */
#define ARENA_FIRST_STACK ((size_t)64 << 10)
#define ARENA_LARGEST_STACK ((size_t)8 << 20)
#define ARENA_STACK_PIECE ((size_t)4 << 10)
/* Blocks taken or freed between two checks of the clock and of the caller's stop flag: some tens of microseconds. */
#define ARENA_CHECK_INTERVAL 2048
/* Pages behind the last block of each chunk, which nobody touches but a scanner that reads past the end of its state:
 * Ruby's takes the length of a heredoc's word, of more than 255 bytes, for less, and the next words for lengths. It
 * goes no further than its 204 heredocs of 259 bytes. */
#define ARENA_TAIL ((size_t)64 << 10)

typedef enum {
  ARENA_RUNNING = 0,
  ARENA_OUT_OF_TIME = 1,
  ARENA_OUT_OF_MEMORY = 2,
  ARENA_STOPPED = 3,
  ARENA_TOO_DEEP = 4, /* an external scanner's state fills the room that it has, or its calls the stack */
} ArenaVerdict;

typedef struct ArenaChunk {
  struct ArenaChunk *next; /* the chunk that was filled before */
  size_t size;             /* bytes, this header included */
} ArenaChunk;

typedef struct ArenaFreeBlock {
  struct ArenaFreeBlock *next;
} ArenaFreeBlock;

/* Nodes of the parser's stack, all of one size. They are apart, so that those of a deep stack, which may take as much
 * as the tree, can be given up when the tree is made. */
typedef struct {
  uint8_t *top, *end;         /* of the newest chunk */
  ArenaChunk *chunks;         /* newest first; owned */
  ArenaFreeBlock *free_nodes;
} ArenaStack;

#define ARENA_LOOKUPS_LOG2 10

typedef struct {
  uint32_t key;   /* parse state and symbol */
  uint16_t value; /* their entry of the parse table */
} ArenaLookup;

#define ARENA_MERGES_LOG2 8

/* Two nodes of the parser's stack that were merged, in the merge of two versions of that number. */
typedef struct {
  const void *self, *other;
  uint64_t number;
} ArenaMerge;

typedef struct {
  uint8_t *top;        /* next free byte of the newest chunk */
  uint8_t *end;        /* its end */
  uint32_t countdown;  /* blocks taken or freed until the next check of the clock */
  ArenaChunk *chunks;  /* newest first; owned */
  size_t reserved;     /* bytes of all chunks */
  size_t outside;      /* bytes that the file at hand has taken elsewhere, see arena_take */
  size_t budget;       /* bytes that both may come to */
  int64_t deadline_ns; /* of repomap_clock_ns() */
  const volatile int *stop;  /* set by another thread to leave at once; borrowed */
  bool (*is_over)(void *);   /* called at each check, with what follows; true: leave. NULL: never */
  void *is_over_payload;
  bool is_too_deep;          /* an external scanner has called itself too often */
  uint64_t n_steps;          /* of query cursors, from the first file on: what a query costs, counted */
  jmp_buf leave;             /* where to go when the budget is spent */
  ArenaFreeBlock *free_blocks[ARENA_N_LISTS];
  ArenaStack stack;
  const void *lookups_of;    /* the language that the lookups are of */
  ArenaLookup lookups[1 << ARENA_LOOKUPS_LOG2];
  uint64_t n_merges;         /* of versions of the parse, from the first file on */
  uint32_t merge_depth;      /* pairs of nodes that are being merged */
  ArenaMerge merges[1 << ARENA_MERGES_LOG2];
} Arena;

static inline ArenaVerdict arena_verdict(const Arena *arena) {
  if (*arena->stop || (arena->is_over && arena->is_over(arena->is_over_payload))) return ARENA_STOPPED;
  if (arena->is_too_deep) return ARENA_TOO_DEEP;
  if (repomap_clock_ns() > arena->deadline_ns) return ARENA_OUT_OF_TIME;
  return ARENA_RUNNING;
}

static inline void arena_check(Arena *arena) {
  arena->countdown = ARENA_CHECK_INTERVAL;
  ArenaVerdict verdict = arena_verdict(arena);
  if (verdict != ARENA_RUNNING) longjmp(arena->leave, verdict);
}

static REPOMAP_INLINE void arena_count(Arena *arena) {
  if (REPOMAP_UNLIKELY(--arena->countdown == 0)) arena_check(arena);
}

static inline void arena_count_many(Arena *arena, uint32_t n_steps) {
  while (REPOMAP_UNLIKELY(n_steps >= arena->countdown)) {
    n_steps -= arena->countdown;
    arena_check(arena);
  }
  arena->countdown -= n_steps;
}

static inline size_t arena_room(const Arena *arena) {
  size_t taken = arena->reserved + arena->outside;
  return taken < arena->budget ? arena->budget - taken : 0;
}

/* Count memory that is taken for the file at hand but lives elsewhere; false, and nothing counted, past the budget.
 * The rest of the newest chunk is free: the first chunk alone may be all of a small budget. */
static inline bool arena_take(Arena *arena, size_t size) {
  size_t unused = (size_t)(arena->end - arena->top);
  size_t taken = arena->reserved - unused + arena->outside;
  if (taken > arena->budget || size > arena->budget - taken) return false;
  arena->outside += size;
  return true;
}

static inline void arena_add_chunk(Arena *arena, size_t block_size) {
  size_t size = arena->chunks ? arena->chunks->size * 2 : ARENA_FIRST_CHUNK;
  if (size > ARENA_LARGEST_CHUNK) size = ARENA_LARGEST_CHUNK;
  size_t needed = block_size + sizeof(ArenaChunk) + ARENA_GRAIN + ARENA_TAIL;
  if (size < needed) size = (needed + 0xFFFF) & ~(size_t)0xFFFF;
  /* A small budget gets a small chunk. */
  size_t room = arena_room(arena) & ~(size_t)0xFFFF;
  if (size > room) size = room;
  if (size < needed) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
  ArenaChunk *chunk = (ArenaChunk *)repomap_pages_new(size);
  if (!chunk) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
  chunk->next = arena->chunks;
  chunk->size = size;
  arena->chunks = chunk;
  arena->reserved += size;
  /* Blocks start one header before a multiple of the grain, so that what the caller sees is aligned to it. */
  arena->top = (uint8_t *)chunk + sizeof(ArenaChunk) + (ARENA_GRAIN - ARENA_HEADER);
  arena->end = (uint8_t *)chunk + size - ARENA_TAIL;
}

/* Round up to the size of a block that holds `size` bytes, and say which list such blocks are kept in. */
static REPOMAP_INLINE size_t arena_block_size(size_t size, unsigned *list) {
  size_t block_size = (size + ARENA_HEADER + ARENA_GRAIN - 1) & ~(size_t)(ARENA_GRAIN - 1);
  if (block_size <= ARENA_SMALL) {
    *list = (unsigned)(block_size / ARENA_GRAIN);
    return block_size;
  }
  unsigned log2 = 11;
  while (((size_t)1 << log2) < block_size) log2++;
  *list = ARENA_N_SMALL + log2;
  return (size_t)1 << log2;
}

static REPOMAP_INLINE void *arena_allocate(Arena *arena, size_t size) {
  arena_count(arena);
  if (REPOMAP_UNLIKELY(size > SIZE_MAX / 4)) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
  unsigned list;
  size_t block_size = arena_block_size(size, &list);
  ArenaFreeBlock *free_block = arena->free_blocks[list];
  if (free_block) {
    arena->free_blocks[list] = free_block->next;
    return free_block;
  }
  if (REPOMAP_UNLIKELY((size_t)(arena->end - arena->top) < block_size)) arena_add_chunk(arena, block_size);
  uint8_t *block = arena->top;
  arena->top += block_size;
  *(uint64_t *)block = block_size;
  return block + ARENA_HEADER;
}

static REPOMAP_INLINE size_t arena_capacity(const void *pointer) {
  return (size_t)((const uint64_t *)pointer)[-1] - ARENA_HEADER;
}

static REPOMAP_INLINE void arena_free(Arena *arena, void *pointer) {
  arena_count(arena);
  unsigned list;
  arena_block_size(arena_capacity(pointer), &list);
  ArenaFreeBlock *block = (ArenaFreeBlock *)pointer;
  block->next = arena->free_blocks[list];
  arena->free_blocks[list] = block;
}

static inline void *arena_reallocate(Arena *arena, void *pointer, size_t size) {
  if (!pointer) return arena_allocate(arena, size);
  size_t capacity = arena_capacity(pointer);
  if (size <= capacity) return pointer;
  void *larger = arena_allocate(arena, size);
  memcpy(larger, pointer, capacity);
  arena_free(arena, pointer);
  return larger;
}

static inline void arena_add_stack_chunk(Arena *arena, size_t node_size) {
  ArenaStack *stack = &arena->stack;
  size_t size = stack->chunks ? stack->chunks->size * 2 : ARENA_FIRST_STACK;
  if (size > ARENA_LARGEST_STACK) size = ARENA_LARGEST_STACK;
  size_t room = arena_room(arena) & ~(size_t)0xFFF, unused = (size_t)(arena->end - arena->top);
  if (size > room) size = room;
  if (size < sizeof(ArenaChunk) + node_size) {
    /* Of a small budget the first chunk of the tree is all: nodes are taken from that. */
    if (unused < node_size) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
    size = unused < ARENA_STACK_PIECE ? unused : ARENA_STACK_PIECE;
    stack->top = arena->top;
    stack->end = arena->top += size;
    return;
  }
  ArenaChunk *chunk = (ArenaChunk *)repomap_pages_new(size);
  if (!chunk) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
  chunk->next = stack->chunks;
  chunk->size = size;
  stack->chunks = chunk;
  arena->reserved += size;
  stack->top = (uint8_t *)(chunk + 1);
  stack->end = (uint8_t *)chunk + size;
}

/* A node of the stack, of the same size each time: a multiple of eight. */
static REPOMAP_INLINE void *arena_new_stack_node(Arena *arena, size_t size) {
  ArenaStack *stack = &arena->stack;
  arena_count(arena);
  ArenaFreeBlock *node = stack->free_nodes;
  if (node) {
    stack->free_nodes = node->next;
    return node;
  }
  if (REPOMAP_UNLIKELY((size_t)(stack->end - stack->top) < size)) arena_add_stack_chunk(arena, size);
  uint8_t *top = stack->top;
  stack->top += size;
  return top;
}

static REPOMAP_INLINE void arena_free_stack_node(Arena *arena, void *pointer) {
  arena_count(arena);
  ArenaFreeBlock *node = (ArenaFreeBlock *)pointer;
  node->next = arena->stack.free_nodes;
  arena->stack.free_nodes = node;
}

/* Give up all nodes of the stack, and all of its chunks but the first. */
static inline void arena_drop_stack(Arena *arena) {
  ArenaStack *stack = &arena->stack;
  while (stack->chunks && stack->chunks->next) {
    ArenaChunk *older = stack->chunks->next;
    arena->reserved -= stack->chunks->size;
    repomap_pages_delete(stack->chunks, stack->chunks->size);
    stack->chunks = older;
  }
  stack->top = stack->chunks ? (uint8_t *)(stack->chunks + 1) : NULL;
  stack->end = stack->chunks ? (uint8_t *)stack->chunks + stack->chunks->size : NULL;
  stack->free_nodes = NULL;
}

/* Give up everything but the first chunks. */
static inline void arena_reset(Arena *arena) {
  arena_drop_stack(arena);
  ArenaChunk *chunk = arena->chunks;
  while (chunk && (chunk->next || chunk->size > ARENA_FIRST_CHUNK)) {
    ArenaChunk *older = chunk->next;
    arena->reserved -= chunk->size;
    repomap_pages_delete(chunk, chunk->size);
    chunk = older;
  }
  arena->chunks = chunk;
  arena->outside = 0;
  arena->top = chunk ? (uint8_t *)chunk + sizeof(ArenaChunk) + (ARENA_GRAIN - ARENA_HEADER) : NULL;
  arena->end = chunk ? (uint8_t *)chunk + chunk->size - ARENA_TAIL : NULL;
  memset(arena->free_blocks, 0, sizeof arena->free_blocks);
}

/* Give up the tree of a large file. What else was taken for the file still counts. */
static inline void arena_drop_tree(Arena *arena) {
  if (!arena->chunks || !arena->chunks->next) return;
  size_t outside = arena->outside;
  arena_reset(arena);
  arena->outside = outside;
}

static inline void arena_delete(Arena *arena) {
  while (arena->chunks) {
    ArenaChunk *older = arena->chunks->next;
    repomap_pages_delete(arena->chunks, arena->chunks->size);
    arena->chunks = older;
  }
  arena_drop_stack(arena);
  if (arena->stack.chunks) repomap_pages_delete(arena->stack.chunks, arena->stack.chunks->size);
  arena->stack = (ArenaStack){0};
  arena->reserved = 0;
  arena->top = arena->end = NULL;
}

#endif
