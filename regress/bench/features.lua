-- Pages of features of one district each; wrk -s features.lua URL -- BEFORE BEHIND [TOKEN]: the path up to the code of the district, and behind it.
local before, behind
local count = 0

function init(args)
    before, behind = args[1], args[2]
    wrk.headers["Accept"] = "application/geo+json, application/json"
    if args[3] then wrk.headers["Authorization"] = "Bearer " .. args[3] end
end

function request()
    count = count + 1
    return wrk.format("GET", before .. (110111 + count % 9) .. behind)
end
