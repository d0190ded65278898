const std = @import("std");

pub fn add(a: i32, b: i32) i32 {
    return helper(a) + std.math.max(a, b);
}

const Point = struct {
    x: i32,
    y: i32 = 0,
    const origin = 1;
    pub fn init() Point {
        return Point{ .x = 1 };
    }
};
const Color = enum { red, green };
var counter: i32 = 1;

test "adds" {
    try std.testing.expect(add(1, 2) == 3);
}

const Kind = enum { tea, coffee };
pub const Value = union(enum) { none, some: u8 };
const Small = enum(u8) { one };
const Failure = error{ Missing, Broken };
const Handle = opaque {};
const pair: struct { u8, u8 } = .{ 1, 2 };

const Mode = enum { idle, busy, fn isIdle(self: Mode) bool { return self == .idle; } };
const Worth = union(enum) { none, number: i32 };
const Pair = struct { u8, Mode };
