namespace MY_VIS ns {
class MY_API Foo {};
}
inline namespace MY_VIS v1 { struct S { int a; }; }
int last;
