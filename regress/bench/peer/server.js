// Fastify + node-postgres over HTTPS, one process per core: GET /events/:taskNum calls rest_event_get as the bridge does
// (prepared statement, digest of the token, the same envelope; audit records appended in batches).
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
    const frame = rows[0].frame
    const first = frame.indexOf('\n')
    const second = frame.indexOf('\n', first + 1)
    const status = parseInt(frame, 10)
    if (second > first + 1) {
      records.push(frame.slice(first + 1, second))
      if (records.length >= 200) flush()
    }
    reply.code(status === 0 ? 200 : Math.trunc(status / 100)).header('content-type', 'application/json; charset=utf-8').header('x-request-id', requestId)
    return `{"success":${status === 0},"code":${status === 0 ? 0 : -1},"statusCode":${status},"message":"OK","requestId":"${requestId}","data":${frame.slice(second + 1) || 'null'}}`
  })
  app.listen({ host: '127.0.0.1', port: Number(port) })
}
