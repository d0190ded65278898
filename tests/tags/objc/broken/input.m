@interface Open : NSObject
- (void)first;
@implementation Open
- (void)first { [self second; }
- (int)third:(int)x { return f(x; }
@end
typedef NS_ENUM(NSInteger, Kind) { KindA, KindB };
void after(void) { [Open new]; }
