TEST_F(WidgetTest, Resizes) {
  int a = 1;
}
TYPED_TEST(ListTest, Works) { }
TEST_P(ParamTest, Adds)
{
}
INSTANTIATE_TEST_SUITE_P(All, ParamTest, ::testing::Values(1));
int last;
