use std::collections::{BTreeMap as Sorted, HashMap};
use crate::shape::*;
use super::area::measure;

mod inner {
    pub fn helper() {}
    pub mod deep;
}

pub struct Circle<T: Clone>
where
    T: Send,
{
    pub radius: T,
    parts: Option<Vec<Part>>,
}
struct Pair(u8, pub Circle<u8>);
struct Unit;

enum Event {
    Quit,
    Key(Code),
    Move { x: i32 },
}

union Word {
    int: u32,
    float: f32,
}

type Callback = Box<dyn Fn(Event) -> Reply>;
const LIMIT: Size = 1;
const _: () = assert!(check(LIMIT));
static mut STATE: &str = "idle";

macro_rules! square {
    ($x:expr) => { multiply($x, $x) };
}

extern "C" {
    fn from_c(x: Raw) -> i32;
    static C_STATE: i32;
}

trait Shape: Named + 'static {
    const SIDES: u32;
    type Output;
    fn area(&self) -> Self::Output;
    fn describe(&self) -> Text {
        self.area()
    }
}
