// What the parser cannot make sense of must not take its neighbours along.
class Before {
  method(): void { helper.call(1); }
}

class Broken {
  field: number = ;
  open(: void { run(; }
  later(): number { return other(); }
}

interface Unfinished {
  size: ;
  name: string
}

type Half = | ;

class After extends Base {
  last(): Text { return done(); }
}
