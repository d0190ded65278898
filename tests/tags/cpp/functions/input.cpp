namespace app::inner {
int counter = 0;
extern const char* kName;
Widget& shared();
#ifdef EXTRA
int extra;
#endif
}  // namespace app::inner

namespace {
static int hidden;
void helper(int);
}  // namespace

namespace fs = std::filesystem;
using namespace std;
using std::string;
using Alias = std::vector<Item>;
template <class T> using Pointer = Owner<T>;
template <typename T> concept Addable = requires(T a) { a + a; };
template <typename T> T largest(T a, T b) { return a > b ? a : b; }
template <typename... Args> void log(Args&&... args);

extern "C" {
int c_function(void);
int c_variable;
}
extern "C" int c_other(int);

constexpr int kTop = 1;
std::string greeting = "hello";
const Item& reference = kName;
int* Item::instances = nullptr;
void (*callback)(int);

Item* make() {
  Item wrapped(value);
  std::lock_guard<std::mutex> lock(mutex);
  for (Item item : items) use(item);
  auto lambda = [&](Item x) { return x.touch(); };
  app::inner::run(largest<int>(1, 2));
  std::max<int>(1, 2);
  this->call()->chain<int>();
  throw Failure("no");
  return new Item{1};
}

auto trailing(int x) -> Result { return Result{x}; }

TEST(Suite, Case) {
  EXPECT_EQ(1, make());
}
