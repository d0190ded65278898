int f(int a)
{
#ifdef A
  if (a)
    g(a);
  else
#endif
    h(a);
#if B
  for (;;) {
#else
  while (a) {
#endif
    a--;
  }
  return a;
}
int last;
