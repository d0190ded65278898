infix operator <~>
struct Point: Equatable {
    static func == (l: Point, r: Point) -> Bool { compare(l, r) }
    static prefix func - (x: Point) -> Point { x }
    static func += (l: inout Point, r: Point) {}
    static func < (l: Point, r: Point) -> Bool { true }
    let (low, high) = (0, 1)
    func plain() -> Int { 1 }
}
func <~> (a: Int, b: Int) -> Int { a }
func ?? (a: Int, b: Int) -> Int { a }
protocol Ordered {
    static func > (l: Self, r: Self) -> Bool
    static func <*> (l: Self, r: Self) -> Self
}
let (px, py) = (1, 2)
func outer() {
    let (a, b) = (1, 2)
}
