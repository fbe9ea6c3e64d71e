-- 10-row pages of published data: a district after the other. wrk -s page.lua URL -- TOKEN
local districts = {"110101", "110102", "110105", "110106", "110107", "110108", "110111", "110112", "110113", "110114", "110115", "110116", "110117", "110118", "110119"}
local turn = 0

function init(args)
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  turn = math.random(#districts)
end

function request()
  turn = turn % #districts + 1
  return wrk.format("GET", wrk.path .. "?divisionCode=" .. districts[turn] .. "&pageSize=10")
end
