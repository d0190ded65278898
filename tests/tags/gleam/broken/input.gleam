pub fn before(x) { x }
pub fn middle(x) { case
pub fn after(y) { before(y) }
