enum e {
  E_A,
#ifdef X
  E_B = 4,
#elif defined(Y)
  E_C,
#else
  E_D
#endif
};
struct s {
  int a;
#if X
  int b;
#else
  char b;
#endif
};
static const char *names[] = {
  "a",
#ifdef X
  "b",
#endif
};
int last;
