class [[nodiscard]] MY_API Foo : Base<int> { int a; };
struct MY_API [[deprecated("x")]] Bar { int b; };
class alignas(16) MY_API Baz { int c; };
int last;
