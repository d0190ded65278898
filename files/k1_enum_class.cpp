class MY_API Foo;
enum class MY_API Color : int { Red, Green };
enum MY_API Plain { A1 };
union MY_API U { int a; };
int last;
