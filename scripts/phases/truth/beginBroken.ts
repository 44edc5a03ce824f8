// Starts copies that are broken from the beginning: without a secret, with a dependency that never answers, on a taken port.
import {once} from 'node:events'
import {createServer as createHttpServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {connect, createServer, type Server, type Socket} from 'node:net'
import {pipeline} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import type {CopyOptions, ServerCopy} from '../../lib/cutover/startCopy.ts'
import type {InstanceServer} from '../../lib/target/instance.ts'
import type {PhaseContext} from '../phase.ts'
import {timeoutOf} from './breakRunning.ts'
import type {FaultSeen} from './faultSeen.ts'
import {dependencySilent, portTaken, type StartFault, secretMissing} from './faults.ts'
import {type Context, heldAgain, look} from './look.ts'

/** How a copy starts and answers when nothing is broken. */
export interface Usual {
  startMs: number
  climbMs: number
}

const timesUsualStart = 3
const leastStartMs = 3000
const recoveryMs = 6000
const pauseMs = 100

export async function beginBroken(context: PhaseContext, server: InstanceServer, usual: Usual): Promise<FaultSeen[]> {
  const {secrets, dependencies} = server.settings
  const needed = Object.entries(secrets).flatMap(([name, {required}]) => (required ? [name] : []))
  const seen = await Promise.all([
    ...needed.map(name => withoutSecret(context, server, usual, name)),
    ...Object.entries(dependencies).map(([name, {required}]) => withSilence(context, server, usual, {name, required})),
    onTakenPort(context, server, usual),
  ])
  return seen
}

async function withoutSecret(
  context: PhaseContext,
  server: InstanceServer,
  usual: Usual,
  name: string,
): Promise<FaultSeen> {
  await using copy = await start(context, server, {withoutSecrets: [name]})
  const seen = await watchStart(copy, context, usual.startMs, timeoutOf(usual.climbMs))
  // Without its key a server may let everybody in, which those who present the key cannot see.
  const stranger = {signal: context.signal, secrets: {}}
  const open =
    seen.noticedAfterMs === undefined && server.settings.auth?.bearer === name
      ? (await look(copy, stranger)).holds
      : undefined
  return {...about(secretMissing), subject: name, ...seen, open}
}

async function withSilence(
  context: PhaseContext,
  server: InstanceServer,
  usual: Usual,
  {name, required}: {name: string; required: boolean},
): Promise<FaultSeen> {
  await using hole = await blackHole()
  await using copy = await start(context, server, {environment: {[name]: `http://127.0.0.1:${hole.port}`}})
  const seen = await watchStart(copy, context, usual.startMs, server.settings.limits.healthMs)
  const wanted = required ? 'notice' : 'endure'
  const told = {...about(dependencySilent), subject: name, wanted, ...seen} as const
  if (hole.connections() === 0) return {...told, void: 'it never called it'}
  // Only what can answer again, and was missed, can be recovered from.
  const real = plainUrl(server.environment[name])
  if (seen.noticedAfterMs === undefined || real === undefined) return told
  const since = performance.now()
  hole.answersAs(real)
  const afterMs = await heldAgain(copy, {since, withinMs: recoveryMs, timeoutMs: timeoutOf(usual.climbMs)}, context)
  return {...told, recovery: {since: 'its end', afterMs, waitedMs: recoveryMs}}
}

/** Where a URL without TLS leads; the certificate of another one would not be that of our port. */
function plainUrl(text: string | undefined): {host: string; port: number} | undefined {
  const url = URL.parse(text ?? '')
  return url?.protocol === 'http:' ? {host: url.hostname, port: Number(url.port || 80)} : undefined
}

async function onTakenPort(context: PhaseContext, server: InstanceServer, usual: Usual): Promise<FaultSeen> {
  await using impostor = await answersEverything()
  await using copy = await start(context, server, {port: impostor.port})
  const seen = await watchStart(copy, context, usual.startMs, timeoutOf(usual.climbMs))
  if (impostor.requests() === 0) return {...about(portTaken), ...seen, void: 'the other program was never asked'}
  await impostor[Symbol.asyncDispose]()
  const since = performance.now()
  const afterMs = await heldAgain(copy, {since, withinMs: recoveryMs, timeoutMs: timeoutOf(usual.climbMs)}, context)
  return {...about(portTaken), ...seen, recovery: {since: 'its end', afterMs, waitedMs: recoveryMs}}
}

function about({name, told}: StartFault): FaultSeen {
  return {name, told, wanted: 'notice', rungs: []}
}

function start(context: PhaseContext, server: InstanceServer, options: Omit<CopyOptions, 'signal' | 'waits'>) {
  return context.startCopy(server, {...options, signal: context.signal, waits: false})
}

// Until it holds, which is as if nothing were broken; ends by itself; or had three times the time that it usually takes.
async function watchStart(
  copy: ServerCopy,
  context: Context,
  startMs: number,
  timeoutMs: number,
): Promise<Pick<FaultSeen, 'rungs' | 'noticedAfterMs'>> {
  const beganAt = performance.now()
  const deadlineMs = Math.max(leastStartMs, startMs * timesUsualStart)
  for (;;) {
    const {holds, rungs: climbed} = await look(copy, context, timeoutMs)
    const rungs = climbed.map(({name, ok, ms, summary}) => ({name, ok, ms: Math.round(ms), summary}))
    if (holds) return {rungs}
    const ended = ((await copy.status())?.restarts ?? 0) > 0
    const tookMs = performance.now() - beganAt
    if (ended || tookMs > deadlineMs) return {rungs, noticedAfterMs: Math.round(tookMs)}
    await pause(pauseMs, undefined, {signal: context.signal})
  }
}

/** Takes every connection and never answers, until it is to lead on to what it stands for. */
async function blackHole() {
  const sockets = new Set<Socket>()
  let connections = 0
  let real: {host: string; port: number} | undefined
  const keep = (socket: Socket) =>
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
  const server = createServer(socket => {
    connections += 1
    keep(socket)
    if (real === undefined) return
    const onward = connect(real)
    keep(onward)
    pipeline(socket, onward, socket, () => undefined)
  })
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    ...(await listening(server, () => sockets)),
    connections: () => connections,
    answersAs(target: {host: string; port: number}) {
      real = target
      endAll()
    },
  }
}

async function answersEverything() {
  let requests = 0
  const sockets = new Set<Socket>()
  const server = createHttpServer((request, response) => {
    requests += 1
    request.resume()
    response.writeHead(200, {'content-type': 'text/plain'}).end('ok')
  })
  server.on('connection', socket => sockets.add(socket.on('close', () => sockets.delete(socket))))
  return {...(await listening(server, () => sockets)), requests: () => requests}
}

async function listening(server: Server, sockets: () => Iterable<Socket>) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets()) socket.destroy()
      await closed
    },
  }
}
