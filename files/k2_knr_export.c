MY_PUBLIC(int) f(a, b)
  int a;
  char *b;
{
  return 0;
}
MY_EXTERN_C int g(int a);
MY_PUBLIC(const char *) h(void)
{ return 0; }
int last;
