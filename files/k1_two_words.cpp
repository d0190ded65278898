class MY_API MY_ALIGN(16) Foo final : public Base<int>, private ns::Other {
public:
  MY_API Foo();
  MY_API ~Foo();
  MY_NODISCARD MY_API int size() const noexcept;
};
int last;
