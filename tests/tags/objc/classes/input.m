#import <Foundation/Foundation.h>
#define LIMIT 10
@class Store;

@protocol Loading <NSObject>
- (void)load;
@property (nonatomic) int progress;
@end

@interface Cart : NSObject <Loading> {
  int _count;
  NSString *_name;
}
@property (nonatomic, strong) NSString *title;
@property (copy) void (^onChange)(int);
+ (instancetype)cart;
- (int)add:(int)item to:(Store *)store;
@end

@interface Cart (Sorting)
- (void)sort;
@end

static NSString *const kName = @"cart";
static int counter = 0;

@implementation Cart
static void helper(int x) { counter += x; }

+ (instancetype)cart { return [[Cart alloc] init]; }

- (int)add:(int)item to:(Store *)store {
  helper(LIMIT);
  [store put:item with:self.title];
  [super sort];
  return item;
}
@end

typedef void (^Handler)(int status);
typedef struct point { int x, *y; } Point;
enum mode { ModeFast, ModeSlow };
Point *origin(void);
int main(int argc, char **argv) {
  Cart *cart = [Cart cart];
  return [cart add:1 to:nil];
}
