#if X
template <typename T>
#else
template <typename T, typename U = int>
#endif
class V {
  T t;
};
#if X
namespace n1 {
#else
namespace n2 {
#endif
int f();
}
int last;
