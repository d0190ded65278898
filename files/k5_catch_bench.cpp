TEST_CASE("adds numbers", "[math]") {
  SECTION("inner") { int a; }
}
SCENARIO("push") { GIVEN("x") { } }
BENCHMARK(BM_Sort)->Arg(1);
static void BM_Sort(benchmark::State &s) { }
TEMPLATE_TEST_CASE("t", "", int, char) { }
int last;
