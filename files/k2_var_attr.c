static int counter MY_SECTION(".data") = 1;
int table[4] MY_ALIGN(16);
static MY_SECTION(".x") const char name[] = "a";
extern int other MY_PACKED;
int last;
