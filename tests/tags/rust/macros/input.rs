pin_project_lite::pin_project! {
    /// What it is.
    pub struct Pinned<T> where T: Clone {
        #[pin]
        inner: T,
        plain: u64,
    }
}
bitflags! {
    #[derive(Debug)]
    pub struct Flags: u32 {
        const A = 1;
        const B = Self::A.bits() | 2;
    }
    struct Second: u8 { const C = 4; }
}
lazy_static! {
    static ref TABLE: Vec<u8> = build();
    pub static ref OTHER: Regex = Regex::new("x").unwrap();
}
thread_local!(static DEPTH: Cell<u32> = Cell::new(0));
thread_local! {
    pub static FIRST: u8 = 1;
    static SECOND: &'static str = "x";
}
cfg_if::cfg_if! {
    if #[cfg(unix)] {
        mod unix;
        pub use unix::*;
        pub(crate) async fn platform() -> u8 { helper() }
        pub enum Kind { One, Two }
        pub type Handle = i32;
        pub trait Port { fn open(&self); }
    } else {
        pub const NONE: u8 = 0;
        static mut COUNTER: u8 = 0;
        pub fn platform() -> u8 { 2 }
    }
}
fn quotes() {
    let tokens = quote! {
        struct NotHere { field: u8 }
        fn not_here() {}
        const NOT_HERE: u8 = 1;
    };
    select! { _ = work() => {} }
}
callback!(fn(u8) -> u8, &'static str, x as *const u8);
