/* A ring of buffers: every kind of declaration that a header may hold. */
#ifndef RING_H
#define RING_H

#include <stddef.h>
#include "list.h"

#define RING_SIZE 64
#define RING_NEXT(i) (((i) + 1) % RING_SIZE)

struct buffer;

typedef struct ring ring_t;
typedef struct {
	int x, *y;
} point_t, *point_ptr;
typedef unsigned long word_t, block_t[4];
typedef int (*compare_fn)(const void *, const void *);
typedef void visit_fn(struct buffer *);

enum ring_state { RING_IDLE, RING_BUSY = 2 };
enum { RING_ANONYMOUS };

union word {
	int as_int;
	float as_float;
};

struct ring {
	struct buffer *first, **slots;
	char names[RING_SIZE][16];
	unsigned int full : 1;
	int (*compare)(const void *a, const void *b);
	compare_fn handlers[4];
	struct {
		word_t inner;
	} nested;
	enum ring_state state;
};

extern int ring_count;
extern const char *const ring_names[];
extern void (*ring_hook)(ring_t *);

ring_t *ring_new(size_t size);
int ring_push(struct ring *ring, struct buffer *buffer), ring_pop(struct ring *ring);
int (*ring_chooser(int which))(int);

#ifdef RING_DEBUG
extern int ring_debug;
void ring_dump(const ring_t *ring);
#endif

#endif
