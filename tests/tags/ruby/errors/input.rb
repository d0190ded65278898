# What the parser cannot make sense of must not take its neighbours along.
class Before
  def method_of_before
    helper.call(1)
  end
end

class Broken
  def open(first, )
    run(1, , 2)
  end

  def later
    other)
  end
end

class After < Base
  def last
    done(1)
  end
end
