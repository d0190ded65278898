/* What the parser cannot make sense of must not take its neighbours along. */
static DEFINE_PER_CPU(struct counter, per_cpu_counter);

int before(void) { return helper(1); }

SYSCALL_DEFINE2(open, const char __user *, name, int, flags)
{
	int local = 1;
	return do_open(name, local);
}

int broken(int x { return }

struct after { int größe; };

int __init after_function(void) { return 0; }
