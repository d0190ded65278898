class Before {
    int a() { 1 }
}
class Middle { int b( {{
