{
  before = x: x;
  middle = (((;
  after = y: before y;
}
