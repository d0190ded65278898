NS_BEGIN
class MY_API Foo { int a; };
NS_END
NS_BEGIN_(one)
class Bar { int b; };
NS_END_
int last;
