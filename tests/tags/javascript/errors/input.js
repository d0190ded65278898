// What the parser cannot make sense of must not take its neighbours along.
class Before {
  method() { return helper.call(1); }
}

class Broken {
  field = ;
  open( { run(; }
  later() { return other(); }
}

const half = ( => ;

class After extends Base {
  last() { return done(); }
}

function end() { return first(; }
