DEFINE_MUTEX(my_mutex);
static DEFINE_MUTEX(my_static);
DECLARE_WORK(my_work, work_fn);
module_param(debug, int, 0644);
LIST_HEAD(my_list);
DEFINE_IDA(my_ida);
static DECLARE_WAIT_QUEUE_HEAD(my_wait);
DEFINE_SHOW_ATTRIBUTE(my_show);
COMPAT_SYSCALL_DEFINE3(myread, int, fd, char __user *, buf, size_t, n)
{
  return 0;
}
int last;
