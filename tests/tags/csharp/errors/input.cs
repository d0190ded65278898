// What the parser cannot make sense of must not take its neighbours along.
class Before
{
    void Method() { helper.Call(1); }
}

class Broken
{
    int field = ;
    void Open( {
        Run(;
    }
    int Later() { return Other(); }
}

class After : Base
{
    string text = "one" + ;
    void Last() { Done(); }
}
