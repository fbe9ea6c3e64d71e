-- wrk: POST /api/v1/cameras/previewURLs, a camera and protocol each time. Arguments: token.
local protocols = {"rtsp", "hls", "rtmp", "ws"}
local at = 0
function init(args)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.headers["Authorization"] = "Bearer " .. args[1]
end
function request()
   at = at + 1
   -- the cameras' codes have their number in the last digits
   return wrk.format(nil, nil, nil, string.format('{"cameraIndexCode":"beefbeefbeefbeefbeefbeef%08x","protocol":"%s"}', at % 1000 + 1, protocols[at % 4 + 1]))
end
