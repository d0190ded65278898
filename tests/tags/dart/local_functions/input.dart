extension type Id._(int value) implements int {
  bool isValid() => check(value);
}

extension type const Price(double amount) {}

Future<void> serve() async {
  Future<int> answer(Id id) async {
    int twice(int a) => a * 2;
    return twice(id.value);
  }
  final later = (Price price) => answer(Id(1));
  await later(Price(1));
}
