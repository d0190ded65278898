struct wire {
  int a MY_PACKED;
  char b[4] MY_ALIGN(8);
  MY_PACKED int c;
  int *d MY_PACKED, e;
} MY_PACKED MY_ALIGN(4);
int last;
