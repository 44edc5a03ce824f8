// A healthy server of both eras that counts: the tool `count` writes its id into $EFFECTS, `counted` reads them all.
// With STREAMS=yes it also has standing streams; it ends those cleanly, and then itself, on SIGTERM.
import {appendFileSync, existsSync, readFileSync, rmSync} from 'node:fs'
import {callTool, serve, tools} from '../../fixtures/servers/mcp.mjs'

const file = process.env.EFFECTS
const streams = new Set()
const idSchema = {type: 'object', properties: {id: {type: 'string'}}, required: ['id']}
tools.push(
  {name: 'count', description: 'Has an effect.', inputSchema: idSchema},
  {
    name: 'counted',
    description: 'Lists the effects.',
    inputSchema: {type: 'object'},
    annotations: {readOnlyHint: true},
  },
  {name: 'forget', description: 'Removes all effects.', inputSchema: {type: 'object'}},
)

const read = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])

function call(name, values) {
  if (name === 'counted') return {content: [], structuredContent: {ids: read()}}
  if (name === 'forget') {
    rmSync(file, {force: true})
    return {content: [], structuredContent: {forgotten: values.ids.length}}
  }
  if (name !== 'count') return callTool(name, values)
  const first = !read().includes(values.id)
  // FORGETFUL: says that it was done, and does nothing.
  if (!process.env.FORGETFUL && (first || !process.env.ONCE)) appendFileSync(file, `${values.id}\n`)
  return {content: [], structuredContent: {made: first ? [values.id] : []}}
}

const server = serve({
  call,
  first(message, request, response) {
    const standing = request.method === 'GET' || message?.method === 'subscriptions/listen'
    if (process.env.STREAMS !== 'yes' || !standing || request.url !== '/mcp') return false
    response.writeHead(200, {'content-type': 'text/event-stream'})
    response.write(`id: 1\nretry: 50\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n`)
    const end = () => {
      const answer = {jsonrpc: '2.0', id: message?.id, result: {resultType: 'complete'}}
      response.end(message ? `data: ${JSON.stringify(answer)}\n\n` : '')
    }
    streams.add(end)
    response.on('close', () => streams.delete(end))
    return true
  },
})
process.on('SIGTERM', () => {
  for (const end of streams) end()
})
process.on('SIGUSR2', () => server.closeAllConnections())
