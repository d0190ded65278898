int f(int a MY_UNUSED, char *b MY_UNUSED)
{
  return 0;
}
int g(MY_IN int a, MY_OUT char *b);
static int h(MY_IN MY_OUT int *c MY_UNUSED) { return *c; }
int last;
