int f(int a,
#ifdef WIN
      char *b,
#else
      int b,
#endif
      int c)
{
  return a;
}
#ifndef CLEAN
static int _g(int x)
#else
static int g(int x)
#endif
{
  return x;
}
int last;
