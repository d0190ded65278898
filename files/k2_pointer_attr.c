int * MY_CDECL f(void);
void (MY_CDECL *cb)(int);
typedef int (MY_CDECL *fn_t)(int a);
char *MY_RESTRICT g(char *MY_RESTRICT a, const char *MY_RESTRICT b);
int last;
