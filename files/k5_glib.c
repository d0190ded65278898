G_DEFINE_TYPE(MyThing, my_thing, G_TYPE_OBJECT)
G_DECLARE_FINAL_TYPE(MyOther, my_other, MY, OTHER, GObject)
G_DEFINE_QUARK(my-error, my_error)
static void my_thing_init(MyThing *self) { }
int last;
