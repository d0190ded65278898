struct Crate {};

template <typename T> int weigh(T thing);

template <> int weigh<Crate>(Crate crate) {
  return 1;
}

template <> Crate *find<Crate>(int id) {
  return nullptr;
}

template <> Crate &first<Crate>(int id) {
  return *find<Crate>(id);
}

template <> int store::count<Crate>(Crate crate) {
  return 2;
}

template <> void Shelf<int>::put<Crate>(Crate crate) {
}
