// A server with sessions that are only names, and streams that bring an event ten times a second. Writes its port.

import {randomUUID} from 'node:crypto'
import http from 'node:http'

const streams = new Set()
const server = http.createServer((request, response) => {
  request.resume()
  if (request.method === 'POST' && request.headers['mcp-session-id'] !== undefined) return response.writeHead(202).end()
  if (request.method === 'POST')
    return response.setHeader('mcp-session-id', randomUUID()).end('{"jsonrpc":"2.0","id":1,"result":{}}')
  response.writeHead(200, {'content-type': 'text/event-stream'}).write(': open\n\n')
  streams.add(response)
  response.on('close', () => streams.delete(response))
})
setInterval(() => {
  for (const stream of streams) stream.write(`data: ${'x'.repeat(1000)}\n\n`)
}, 100)
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('close', () => process.exit()).resume()
