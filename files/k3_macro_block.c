int f(void)
{
  FOREACH(x, list) {
    use(x);
  } FOREACH_END
  TRY {
    use(1);
  } CATCH(e) {
    use(2);
  }
  return 0;
}
int last;
