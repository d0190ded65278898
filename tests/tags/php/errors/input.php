<?php
// What the parser cannot make sense of must not take its neighbours along.
class Before
{
    public function method() { return $this->helper->call(1); }
}

class Broken
{
    private $field = ;
    public function open( {
        run(;
    }
    public function later() { return other(); }
}

class After extends Base
{
    public $text = "one" . ;
    public function last() { return done(); }
}
