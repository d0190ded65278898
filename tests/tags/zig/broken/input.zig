fn before() void { x(); }
fn first() void { x( }
const A = struct { fn
pub fn last() i32 { return first(); }
