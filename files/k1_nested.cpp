namespace a { namespace b {
struct MY_API Outer {
  class MY_API Inner : public Base<int> { void f(); };
  struct MY_ALIGN(8) Pod { int x; } pod;
};
}}
int last;
