// Many MCP servers in one process, each on a port of its own; the first waits before every answer.
// usage: node manyServers.mjs COUNT SLOW_MS    prints the ports as a JSON list, ends when its standard input does
import {once} from 'node:events'
import {createServer} from 'node:http'
import {pause, respond} from '../../tests/fixtures/servers/mcp.mjs'

const [count, slowMs] = process.argv.slice(2).map(Number)

async function serve(waitMs) {
  const sessions = new Set()
  const server = createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    if (waitMs > 0) await pause(waitMs)
    // No web page may call, as the specification says of local servers.
    if (request.headers.origin !== undefined) return response.writeHead(403).end()
    if (request.url === '/health') return response.setHeader('content-type', 'application/json').end('{"status":"ok"}')
    if (request.method === 'POST') return respond(JSON.parse(Buffer.concat(parts)), request, response, sessions)
    const known = request.method === 'DELETE' && sessions.delete(request.headers['mcp-session-id'])
    response.writeHead(known ? 200 : 405).end()
  })
  // A health check of hundreds of servers opens as many connections at once.
  server.listen({port: 0, host: '127.0.0.1', backlog: 1024})
  await once(server, 'listening')
  return server.address().port
}

const ports = await Promise.all(Array.from({length: count}, (_, index) => serve(index === 0 ? slowMs : 0)))
console.log(JSON.stringify(ports))
process.stdin.resume().on('end', () => process.exit(0))
