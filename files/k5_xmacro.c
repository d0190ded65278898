#define COLORS(X) X(red) X(green)
#define AS_ENUM(n) COLOR_##n,
enum color { COLORS(AS_ENUM) COLOR_COUNT };
LIST_HEAD(listhead, entry) head;
TAILQ_HEAD(tailhead, entry) tq;
struct entry { int v; TAILQ_ENTRY(entry) link; };
int last;
