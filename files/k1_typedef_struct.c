typedef struct MY_PACKED pair {
  int a;
} MY_ALIGN(4) pair_t;
typedef enum MY_FLAG { ONE } flags_t;
struct MY_ALIGN(8) node { struct node *next; };
int last;
