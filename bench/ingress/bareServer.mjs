// The quickest server that Node's own HTTP makes, to show what an ingress costs. Writes its port; ends with its input.
import http from 'node:http'

const body = '{"ok":true}'
const headers = {'content-type': 'application/json', 'content-length': String(body.length)}
const server = http.createServer((_request, response) => response.writeHead(200, headers).end(body))
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('close', () => process.exit()).resume()
