class A
#ifdef X
  : public Base<int>
#endif
{
  int a;
};
struct B : Base<int>
#if Y
  , Base<char>
#endif
{
  B()
#ifdef Z
    : Base<int>(1)
#else
    : Base<int>()
#endif
  {
  }
  int b;
};
int last;
