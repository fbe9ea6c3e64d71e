-- wrk: POST /api/v1/events/{taskNum}/steps, a comment on one case after the other. Arguments: token, file of taskNums.
local thread_count = 0
function setup(thread)
   thread:set("number", thread_count)
   thread_count = thread_count + 1
end
function init(args)
   cases = {}
   for line in io.lines(args[2]) do cases[#cases + 1] = line end
   serial = number * 7919
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.headers["Authorization"] = "Bearer " .. args[1]
end
function request()
   serial = serial + 1
   return wrk.format(nil, "/api/v1/events/" .. cases[serial % #cases + 1] .. "/steps", nil, '{"action":"comment","note":"巡查员已到现场"}')
end
