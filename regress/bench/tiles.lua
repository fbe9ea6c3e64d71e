-- wrk: tiles of a list, each thread from a place of its own. Arguments: file with a line z/x/y for each tile, what stands before and behind it in
-- the address, token (none: no header), a coding that is accepted (none: no header).
local tiles, before, behind = {}, "", ""
local at = 0

function init(args)
  for line in io.lines(args[1]) do tiles[#tiles + 1] = line end
  before, behind = args[2], args[3]
  if args[4] then wrk.headers["Authorization"] = "Bearer " .. args[4] end
  if args[5] then wrk.headers["Accept-Encoding"] = args[5] end
  math.randomseed(tonumber(tostring(tiles):match("0x(%x+)"), 16))
  at = math.random(#tiles)
end

function request()
  at = at % #tiles + 1
  return wrk.format("GET", before .. tiles[at] .. behind)
end
