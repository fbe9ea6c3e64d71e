-- wrk: POST /api/v1/auth/token, every request another code. Arguments: appCode, a file with a code a line.
local threads = {}
function setup(thread)
   thread:set("number", #threads)
   table.insert(threads, thread)
end
function init(args)
   app, codes, at = args[1], {}, 0
   for line in io.lines(args[2]) do
      -- of two threads each takes every second code
      if at % 2 == number then table.insert(codes, line) end
      at = at + 1
   end
   at = 0
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
end
function request()
   at = at + 1
   if codes[at] == nil then
      wrk.thread:stop()
      return wrk.format("GET", "/healthz")
   end
   return wrk.format(nil, nil, nil, '{"appCode":"' .. app .. '","authCode":"' .. codes[at] .. '"}')
end
