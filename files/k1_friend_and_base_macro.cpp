class MY_API Foo : public BASE_OF(Foo) {
  friend class MY_API Bar;
  friend MY_API int peek(const Foo &);
  MY_DISALLOW_COPY(Foo);
  int a;
};
int last;
