class Before { void m() {} }
class First { int a( { }
void f() { g(; }
class Last { void m() {} }
