class Before : public Base {
  int size() const { return count_; }
  int count_;
};
int middle((( ;
template <typename T> T after(T x) { return before(x); }
struct After { void run() { helper(); } };
class Open { int kept_;
