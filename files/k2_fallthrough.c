int f(int a)
{
  switch (a) {
  case 1:
    a++;
    MY_FALLTHROUGH;
  case 2:
    a--;
    MY_FALLTHROUGH
  default:
    return a;
  }
}
int MY_WEAK g(void) { return 1; }
MY_WEAK int h(void);
int last;
