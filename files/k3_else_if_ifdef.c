int foo(int a)
{
    if (0)
        return 0;
    #ifndef XXX
    else if (1){
        return 0;
    }
    #endif
    return 1;
}
int last;
