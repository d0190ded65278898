PyMODINIT_FUNC PyInit_my(void)
{
  return 0;
}
PyAPI_DATA(int) my_flag;
PyDoc_STRVAR(my_doc, "text");
_Py_IDENTIFIER(attr);
static PyObject *
my_call(PyObject *self, PyObject *Py_UNUSED(args))
{
  return 0;
}
int last;
