struct A {
  int f() const MY_NOTHROW;
  int g() MY_NOTHROW MY_OVERRIDE;
  MY_NODISCARD int h() const & MY_NOTHROW { return 1; }
  A() MY_NOTHROW : x(1) {}
  virtual ~A() MY_NOTHROW {}
  int x MY_GUARDED_BY(mu);
  MY_CONSTEXPR static int k = 3;
};
int last;
