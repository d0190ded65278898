#include "ring.h"

static int calls, *last_result;
static const struct ring_ops ops = {
	.open = ring_open,
	.size = RING_NEXT(3),
};
static int (*table[])(void) = { first, second };

#if defined(A)
static int only_with_a = 1;
#endif

DEFINE_MUTEX(ring_lock);
MODULE_LICENSE("GPL");

static inline char **copy_names(struct ring *ring, point_t at)
{
	struct buffer *local = malloc(sizeof(struct buffer));
	point_t *cast = (point_t *)ring;
	int prototype_inside(word_t);

#ifdef DEBUG
	int not_of_the_file;
#endif
	ring->compare(local, cast);
	(*ring->compare)(local, cast);
	ring->nested.run(RING_NEXT(1));
	return (char **)(point_t){ .x = 1 }.y;
}

/* Kernighan and Ritchie's way */
int old_style(a, b)
	int a;
	char *b;
{
	return a;
}

int (*returns_pointer(int a))(int)
{
	struct local_type {
		int field_of_local;
	} value;

	return pick(value.field_of_local);
}

void (in_parentheses)(void)
{
	goto out;
out:
	return;
}
