before() { helper 1; }

if [ -f x ; then
  inside
fi )

after() { before; }
