impl<T> Shape for Circle<T> {
    const SIDES: u32 = 0;
    type Output = T;
    fn area(&self) -> T {
        let local: Cache = Cache::new(2).with::<u8>();
        println!("{}", measure(local));
        std::mem::swap(self, local);
        Circle { radius: 1, parts: None };
        geometry::Point { x: 1 };
        let add = |y: Amount| -> Sum { y as Number };
        (self.hook)(1)
    }
}

impl Circle<u8> {
    pub(crate) async fn open(x: &dyn Shape, y: impl Named) -> Result<Circle, io::Error> {
        match x {
            Event::Quit => 1,
            Circle { radius, .. } => 2,
            Pair(a, b) => 3,
            other::Event::Key(k) => 4,
        }
    }
}

impl std::fmt::Display for shapes::Square {}
impl From<Circle> for u8 {
    fn from(c: Circle) -> u8 { 0 }
}
impl<'a> Iterator for &'a Ring {}

#[test]
fn größer() {
    fn nested() {}
    const STEP: u8 = 1;
    struct Local;
    assert_eq!(nested(), vec![STEP; 2]);
}

pub fn generic<'a, T, const N: usize>(x: &'a [T; N], p: *const Raw, (a, b): (Left, Right)) -> ! {
    loop {}
}

fn r#match() {}

fn broken( { let x = ; }

fn after() { nested_call() }
