-- The provider of the media servers, two demo cameras, and the demo application's right to watch them. Variables: FOLDER/psql of
-- video_rig.py. Again = no harm.
\set QUIET on
\o /dev/null
INSERT INTO citybigdata.camera_provider AS p (provider_code, title, kind, secret, rtsp_url, rtmp_url, hls_url, ws_url)
VALUES (:'provider', 'Media servers of the demo', 'media', citybigdata.camera_encrypt('camera-provider ' || :'provider', :'secret'),
        :'rtsp_url', :'rtmp_url', :'hls_url', :'ws_url')
ON CONFLICT ON CONSTRAINT camera_provider_pkey DO UPDATE SET secret = excluded.secret, rtsp_url = excluded.rtsp_url, rtmp_url = excluded.rtmp_url,
    hls_url = excluded.hls_url, ws_url = excluded.ws_url;
SELECT citybigdata.load_cameras(format('camera,name,provider,division,longitude,latitude,level,codec,subCodec,source,subSource
2f1d6d3e-8f0b-4f0e-9d53-0c1b7a3e5f11,东长安街口 H.264,%1$s,110101,116.4034,39.9079,1,h264,h264,%2$s,%2$s
7c9e6679-7425-40de-944b-e07fc1f90ae7,王府井南口 H.265,%1$s,110101,116.4117,39.9097,1,h265,h264,%3$s,%2$s', :'provider', :'h264_source', :'h265_source'));
\o
