#ifdef __cplusplus
extern "C" {
#endif
int f(void);
#ifdef __cplusplus
}
#endif
MY_BEGIN_DECLS
int g(void);
MY_END_DECLS
int last;
