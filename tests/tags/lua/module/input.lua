local M = {}
local json, log = require("json"), require 'log'
local limit <const> = 10
local pending
VERSION = "1.0"

function M.open(path)
  local handle = io.open(path)
  M.check(handle)
  handle:read("*a")
  return handle
end

function M:close() self.open = false; self:flush() end

function M.parser.json.decode(text) return json.decode(text) end
function M.parser:reset() end

M.encode = function(value) return tostring(value) end
local helper = function() end
global_helper = function() log.write "x" end

local function private(n)
  local function nested() return private(n - 1) end
  return nested()
end

local handlers = {
  start = function() private(1) end,
  ["stop"] = function() end,
  limit = 3,
  deep = { run = function() end },
}

setmetatable(M, { __index = function(t, key) return rawget(t, key) end })

return M
