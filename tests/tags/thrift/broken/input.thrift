struct Before { 1: string a }
struct Middle { 1: ((( }
struct After { 1: Before b }
