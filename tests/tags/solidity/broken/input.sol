contract First { function f( { } }
contract { uint x;
contract Last { function g() public { h(; } }
