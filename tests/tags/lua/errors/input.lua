local before = 1

function good(a) return helper{ a } end

function broken(a
  local x = = 2
end

function after() return good(1) end
