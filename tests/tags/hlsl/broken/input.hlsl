float before(float x) { return x; }
float middle((( {
float after(float y) { return before(y); }
