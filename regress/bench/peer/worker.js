// node worker.js RECEIVER CA SECRET HOST PORT DATABASE: deliveries by graphile-worker, as the outbox makes them: jobs of one case one after the
// other (a queue of its own), signed as Standard Webhooks has it, over connections that are kept; 32 at a time.
'use strict'
const crypto = require('node:crypto')
const fs = require('node:fs')
const https = require('node:https')
const { run } = require('graphile-worker')

const [receiver, ca, secret, host, port, database] = process.argv.slice(2)
const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
const agent = new https.Agent({ keepAlive: true, maxSockets: 32, ca: fs.readFileSync(ca) })

function deliver(payload, helpers) {
  const body = JSON.stringify(payload)
  const id = `msg_${helpers.job.id}`
  const time = Math.floor(Date.now() / 1000)
  const signature = crypto.createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8', 'content-length': Buffer.byteLength(body),
    'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}`,
  }
  return new Promise((done, failed) => {
    const request = https.request(receiver, { method: 'POST', agent, headers }, (reply) => {
      reply.resume()
      reply.on('end', () => (reply.statusCode === 200 ? done() : failed(new Error(`HTTP ${reply.statusCode}`))))
    })
    request.on('error', failed)
    request.end(body)
  })
}

run({
  connectionString: `postgresql://postgres@/${database}?host=${encodeURIComponent(host)}&port=${port}`,
  concurrency: 32,
  maxPoolSize: 34,
  pollInterval: 100,
  taskList: { deliver }
}).catch((error) => { console.error(error); process.exit(1) })
