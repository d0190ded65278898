MODULE_AUTHOR_("a")
MODULE_DESC_("b")
int f(void) { return 0; }
REGISTER(f)
REGISTER2(f, f)
static int x = 1;
REGISTER(x)
struct s { int a; };
BARE_MACRO
int last;
