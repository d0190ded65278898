<html>
<?php
const TOP = 1, NEXT = TOP;
define('LEGACY', 3);
$global = 1;

function größe(Item $item, Filter|Sorter $by): ?Result
{
    static $calls = 0;
    $local = strlen($item);
    \App\helper($local);
    $callback($local);
    $item?->touch();
    $sort = fn(Item $x): Key => key_of($x);
    try {
        Factory::make(new \App\Widget, new $class);
    } catch (NotFound | \App\Failed $e) {
        $e instanceof Retry;
    }
    return new class(1) extends Base { function inside() {} };
}

function &by_reference() {}

function broken( { }
?>
<p><?= helper() ?></p>
