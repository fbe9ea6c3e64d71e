-- wrk: POST /api/v1/events, every request another event. Arguments: token, sender code, run name, event JSON up to its number; an event without
-- a place gets one of its own, within some kilometres.
local thread_count = 0
function setup(thread)
   thread:set("number", thread_count)
   thread_count = thread_count + 1
end
function init(args)
   token, sender, run, event = args[1], args[2], args[3], args[4]
   serial = 0
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.headers["Authorization"] = "Bearer " .. token
end
function request()
   serial = serial + 1
   local place = ""
   if not event:find("latitude", 1, true) then
      place = string.format(',"lontitude":%.6f,"latitude":%.6f', 116.4079 + math.random() * 0.02, 39.9010 + math.random() * 0.02)
   end
   return wrk.format(nil, nil, nil, '{"senderCode":"' .. sender .. '","actionType":"UP_REC_REPORT","data":' .. event .. place ..
      ',"otherTaskNum":"' .. run .. '-' .. number .. '-' .. serial .. '"}}')
end
bad = 0
function response(status) if status ~= 200 then bad = bad + 1 end end
