STATIC INLINE int do_stuff(int a) {
  return a;
}
MY_API STATIC const char *name_of(int a)
{ return 0; }
MY_API
int next_line(void) { return 1; }
MY_API MY_NORETURN
void two(void);
int last;
