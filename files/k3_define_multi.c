#define WRAP(x) \
  do { \
    x; \
  } while (0)
#define OPEN {
#define CLOSE }
int f(void) OPEN return 1; CLOSE
int g(void)
#ifdef X
{ return 1; }
#else
{ return 2; }
#endif
;
int last;
