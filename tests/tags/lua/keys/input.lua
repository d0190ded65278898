local M = {}
M['quoted'] = function() end
M["double"] = function(a) return a end
M[1] = function() end
M[key] = function() end
local one, two = function() end, function() end
M.first, M.second = function() end, function() end
M.table = { inner = function() end, ['k-x'] = function() end, [2] = function() end, 3 }
local value, late = 1, function() end
return M
