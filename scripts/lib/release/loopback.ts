// Preload for a server that cannot be told its bind address: whatever TCP address it asks for, it listens on 127.0.0.1.
import {Server} from 'node:net'

const listen = Server.prototype.listen

Server.prototype.listen = function (this: Server, ...words: unknown[]) {
  return listen.apply(this, confined(words) as Parameters<typeof listen>)
} as typeof listen

// The forms of listen() as node:net documents them: (options), (path), (handle) and (port, host, backlog, callback).
function confined(words: unknown[]): unknown[] {
  const [first, ...rest] = words
  if (typeof first === 'object' && first !== null) {
    const {port} = first as {port?: unknown}
    // Without a port it is a local socket, a file descriptor, or a handle that was bound before.
    return port === undefined ? words : [{...first, host: '127.0.0.1'}, ...rest]
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return words
  const port = typeof first === 'number' || typeof first === 'string' ? Number(first) : 0
  const backlog = rest.find(word => typeof word === 'number')
  return [{port, host: '127.0.0.1', backlog}, ...words.filter(word => typeof word === 'function')]
}
