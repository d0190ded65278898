STACK(int) *make_stack(void);
LIST_OF(char) items;
int take(STACK(int) *s) { return 0; }
static STACK(int) *keep = 0;
struct holder { STACK(int) *st; LIST_OF(char) l; };
int last;
