int before(int x) { return x; }
int middle((( ;
int after(int y) { return before(y); }
