// Preload for a server that cannot be told its bind address: whatever TCP address it asks for, it listens on 127.0.0.1.
import {Server} from 'node:net'

const listen = Server.prototype.listen

// The forms of listen(), as the documentation of node:net gives them: (options), (path), (port, host, backlog, callback).
Server.prototype.listen = function (this: Server, ...words: unknown[]) {
  return listen.apply(this, confined(words) as Parameters<typeof listen>)
} as typeof listen

function confined(words: unknown[]): unknown[] {
  const [first, ...rest] = words
  if (typeof first === 'object' && first !== null) {
    const isElsewhere = 'path' in first || 'fd' in first || '_handle' in first || 'handle' in first
    return isElsewhere && !('port' in first) ? words : [{...first, host: '127.0.0.1'}, ...rest]
  }
  // A path that is no number is a local socket.
  if (typeof first === 'string' && !/^\d+$/.test(first)) return words
  const port = typeof first === 'function' || first === undefined || first === null ? 0 : Number(first)
  const backlog = words.slice(1).find(word => typeof word === 'number')
  return [{port, host: '127.0.0.1', backlog}, ...words.filter(word => typeof word === 'function')]
}
