
#ifdef __cplusplus
template<class T> struct Base{ Base(){} Base(int){} }; namespace ns{struct Other{};}
#define BASE_OF(x) Base<x>
#define MY_OVERRIDE
#define MY_CONSTEXPR constexpr
#define NS_BEGIN namespace q {
#define NS_END }
#define NS_BEGIN_(x) namespace x {
#define NS_END_ }
#define MY_EXTERN_C extern "C"
#define MY_BEGIN_DECLS extern "C" {
#define MY_END_DECLS }
#else
#define MY_EXTERN_C
#define MY_BEGIN_DECLS
#define MY_END_DECLS
#endif
#define MY_API
#define MY_ALIGN(x) __attribute__((aligned(x)))
#define MY_NODISCARD
#define MY_VIS
#define my_export
#define __my_attr
#define MY_PACKED __attribute__((packed))
#define MY_FLAG
#define MY_DISALLOW_COPY(x) x(const x&)=delete
#define MY_NOTHROW __attribute__((nothrow))
#define MY_NONNULL(x)
#define MY_SECTION(x)
#define MY_CDECL
#define MY_RESTRICT
#define MY_UNUSED __attribute__((unused))
#define MY_IN
#define MY_OUT
#define STATIC static
#define INLINE inline
#define MY_NORETURN
#define STACK(x) x
#define LIST_OF(x) x*
#define MY_GUARDED_BY(x)
#define MY_FALLTHROUGH ;
#define MY_WEAK
#define MY_PUBLIC(x) x
#define FOREACH(x,y) for(int x=0;x<3;x++)
#define FOREACH_END
#define TRY if(1)
#define CATCH(e) else
#define MODULE_AUTHOR_(x)
#define MODULE_DESC_(x)
#define REGISTER(x)
#define REGISTER2(x,y)
#define BARE_MACRO
void use(int); static int list; void g(); void h();
