package require Tcl
namespace eval ::shop {
    variable limit 10
    proc total {items} {
        foreach item $items {
            add $item
        }
    }
}

proc ::shop::add {item {n 1}} {
    round $item
}

oo::class create Box {
    method open {} {
        my close
    }
}
