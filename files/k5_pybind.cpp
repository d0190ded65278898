PYBIND11_MODULE(my_ext, m) {
  m.def("f", &f);
}
BOOST_AUTO_TEST_CASE(my_case) { int a = 1; }
BOOST_FIXTURE_TEST_CASE(my_fix, Fix) { }
int last;
