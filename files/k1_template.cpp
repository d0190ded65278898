template <typename T>
class MY_API Vec : public Base<T> {
  T *data;
};
template <>
struct MY_API Vec<int> { int n; };
template class MY_API Vec<char>;
int last;
