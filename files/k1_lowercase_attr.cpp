class my_export Foo : public Base<int> { int a; };
struct __my_attr Bar { int b; };
int last;
