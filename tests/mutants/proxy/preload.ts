// Preloaded into a server: it then listens on a local socket instead, and the mutating proxy on its port. $MUTATIONS says how.
import {Server as HttpServer} from 'node:http'
import {type ListenOptions, Server} from 'node:net'
import {startProxy} from './startProxy.ts'

const specs = JSON.parse(process.env.MUTATIONS ?? '[]')
const listen = Server.prototype.listen
let taken = false
// Before the server reads any of them.
for (const {kind, name} of specs) if (kind === 'without-variable') delete process.env[name]

Server.prototype.listen = function (this: Server, ...words: unknown[]) {
  const wanted = wantedOf(words)
  const mine =
    wanted !== undefined && (process.env.PORT === String(wanted.port) || process.argv.includes(String(wanted.port)))
  if (taken || !mine || !(this instanceof HttpServer)) return listen.apply(this, words as Parameters<typeof listen>)
  taken = true
  // A name in the kernel's own space where there is one: it needs no file, and is gone with the process.
  const socketPath = `${process.platform === 'linux' ? '\0' : '/tmp/'}mutant-${process.pid}-${wanted.port}`
  const {server: outer, start} = startProxy({
    inner: {socketPath},
    specs,
    extraCopy: /\/extra\//.test(process.env.HOME ?? ''),
  })
  const callback = words.findLast(word => typeof word === 'function') as (() => void) | undefined
  if (callback) this.once('listening', callback)
  this.on('close', () => outer.close())
  void start().then(() => {
    listen.call(this, {path: socketPath}, () =>
      listen.call(outer, {port: wanted.port, host: everywhere() ? '0.0.0.0' : (wanted.host ?? '127.0.0.1')}),
    )
  })
  return this
} as typeof listen

// Its proxy listens where it asked to, but for the mutation that is about this.
const everywhere = () => specs.some(({kind}: {kind: string}) => kind === 'listens-everywhere')

function wantedOf([first, second]: unknown[]): {port: number; host?: string} | undefined {
  if (typeof first === 'object' && first !== null) {
    const {port, host} = first as ListenOptions
    return port === undefined ? undefined : {port: Number(port), host}
  }
  const port = Number(first)
  if (!Number.isInteger(port) || port === 0) return undefined
  return {port, host: typeof second === 'string' ? second : undefined}
}
