int f(int a) MY_NOTHROW MY_NONNULL(1);
extern int g(void) MY_NOTHROW;
int h(int a) MY_NOTHROW
{
  return a;
}
int last;
