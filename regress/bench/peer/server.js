// Fastify + node-postgres over HTTPS, one process per core: GET /events/:taskNum calls rest_event_get as the bridge does
// (prepared statement, digest of the token, the same envelope; audit records appended in batches). GET /data/street-lights is what one
// would write without the extension: token, application and grant are checked by the one statement that reads the page.
'use strict'
const cluster = require('node:cluster')
const { createHash, randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')

const [port, certificate, key, socket, pgport, database] = process.argv.slice(2)

if (cluster.isPrimary) {
  for (let n = 0; n < os.availableParallelism(); n++) cluster.fork()
  cluster.on('exit', () => process.exit(1))
} else {
  const { Pool } = require('pg')
  const pool = new Pool({ host: socket, port: Number(pgport), database, user: 'citybigdata_bridge', max: 8 })
  const app = require('fastify')({ https: { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) } })
  let records = []

  // The reply frame (extension/wire/frame.h): "citybigdata/1 STATUS", `name: value` lines, an empty line, the body.
  const readFrame = (bytes) => {
    const frame = bytes.toString()
    const end = frame.indexOf('\n\n')
    const lines = frame.slice(0, end).split('\n')
    const audit = lines.find((line) => line.startsWith('audit: '))
    return { status: Number(lines[0].split(' ')[1]), audit: audit && audit.slice(7), body: frame.slice(end + 2) }
  }

  const flush = () => {
    if (records.length === 0) return
    const batch = records
    records = []
    pool.query({ name: 'audit', text: 'SELECT citybigdata.rest_audit_append($1::text[])', values: [batch] }).catch((error) => { throw error })
  }
  setInterval(flush, 50)

  app.get('/api/v1/events/:taskNum', async (request, reply) => {
    const requestId = randomUUID()
    const digest = createHash('sha256').update((request.headers.authorization || '').slice(7)).digest()
    const { rows } = await pool.query({
      name: 'get',
      text: 'SELECT citybigdata.rest_event_get($1, $2::inet, NULL, $3, $4::bytea, $5, NULL, NULL) AS frame',
      values: [requestId, request.ip, 'bearer', digest, request.params.taskNum]
    })
    const { status, audit, body } = readFrame(rows[0].frame)
    if (audit) {
      records.push(audit)
      if (records.length >= 200) flush()
    }
    reply.code(status === 0 ? 200 : Math.trunc(status / 100)).header('content-type', 'application/json; charset=utf-8').header('x-request-id', requestId)
    return `{"success":${status === 0},"code":${status === 0 ? 0 : -1},"statusCode":${status},"message":"OK","requestId":"${requestId}","data":${body || 'null'}}`
  })
  const owner = new Pool({ host: socket, port: Number(pgport), database, user: 'postgres', max: 8 })
  const page = `SELECT json_agg(row_to_json(p)) AS items FROM (
      SELECT light_id AS "lightId", lamp_code AS "lampCode", lamp_type AS "lampType", power_watt AS "powerWatt", district_code AS "districtCode", street_name AS "streetName",
        keeper_phone AS "keeperPhone", to_char(installed_at, 'YYYYMMDDHH24MISS') AS "installedAt", state, public.st_x(geom) AS longitude, public.st_y(geom) AS latitude
      FROM demo.street_light WHERE district_code = $2 AND EXISTS (
        SELECT FROM citybigdata.access_token t JOIN citybigdata.application a USING (app_id) JOIN citybigdata.account c ON c.account_id = a.account_id
          JOIN citybigdata.app_grant g ON g.app_id = a.app_id AND g.resource = 'street-lights'
        WHERE t.token_digest = $1 AND t.revoked_at IS NULL AND t.expires_at > now() AND a.state = 'active' AND c.state = 'active' AND g.state = 'active')
      ORDER BY light_id LIMIT $3) p`

  app.get('/api/v1/data/street-lights', async (request, reply) => {
    const requestId = randomUUID()
    const digest = createHash('sha256').update((request.headers.authorization || '').slice(7)).digest()
    const { rows } = await owner.query({ name: 'page', text: page, values: [digest, request.query.divisionCode, Number(request.query.pageSize)] })
    const items = rows[0].items
    records.push(JSON.stringify({ at: Date.now() * 1000, request_id: requestId, client_addr: request.ip, scheme: 'bearer', action: 'data.query', object: 'street-lights', status_code: 0 }))
    if (records.length >= 200) flush()
    reply.code(items ? 200 : 403).header('content-type', 'application/json; charset=utf-8').header('x-request-id', requestId)
    return { success: true, code: 0, statusCode: 0, message: 'OK', requestId, data: { items, nextCursor: items && items[items.length - 1].lightId } }
  })

  app.listen({ host: '127.0.0.1', port: Number(port) })
}
