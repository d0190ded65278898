#define DEF_FN(name) static int name(int a)
#define DEF_VAR(type, name) type name = 0
DEF_FN(alpha)
{
  return a;
}
DEF_FN(beta) { return a; }
DEF_VAR(int, gamma_v);
int last;
