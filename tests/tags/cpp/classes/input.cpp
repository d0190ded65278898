#include <vector>

namespace shapes {

class Canvas;

template <typename T, int N = 3>
class Box : public Base<T>, private detail::Store, Plain {
 public:
  Box() : Base<T>(1), size_(0) {}
  explicit Box(int size);
  template <class U> Box(U other) {}
  ~Box() override {}
  virtual int size() const = 0;
  T& at(int i) { return data_[i]; }
  T* begin() const;
  Box& operator=(const Box&) = default;
  bool operator==(const Box& other) const { return equal(data_, other.data_); }
  static Box create() { return Box<T>(3); }
  template <class Visitor> void visit(Visitor visitor) { visitor.template apply<T>(); }
  void consume() &&;
  using value_type = T;
  enum class Mode : int { kFast, kSafe };
  struct Nested { int depth; };
  friend class Printer;

 private:
  static constexpr int kMax = 3;
  std::vector<T> data_;
  T size_, *last_;
  const Canvas& canvas_;
  int grid_[3][3];
  void (*hook_)(int);
};

template <> class Box<bool> { int bits; };

struct Empty final {
  Empty() = delete;
  [[nodiscard]] int check();
};

union Word { int i; float f; };

}  // namespace shapes

class SHAPES_EXPORT Database {
 public:
  static Status Open(const Options& options);
  int inline_method() { return 1; }
};

int shapes::Box<int>::size() const { return size_; }
shapes::Box::Box(int size) : Base(size) {}
shapes::Box::~Box() {}
int* shapes::Box::begin() const { return nullptr; }
std::ostream& operator<<(std::ostream& out, const Box& box) { return out << box; }
bool Less::operator()(int x) { return static_cast<bool>(x); }
