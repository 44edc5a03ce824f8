// What the ingress costs in front of a real server and of one that does nothing, compared with nginx.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {serverOf} from '../../scripts/lib/target/instance.ts'
import {inRepository} from '../child/repository.ts'
import {addedMs, type Beside, rateRatio} from '../ingress/beside.ts'
import {bareHttp, mcpEcho} from '../ingress/called.ts'
import {type Pinned, pin} from '../ingress/pin.ts'
import {startIngress} from '../ingress/startIngress.ts'
import {startListener} from '../ingress/startListener.ts'
import {findNginx, startNginx} from '../ingress/startNginx.ts'
import type {Measure, Sample} from '../measure.ts'
import {sampleLive} from '../sample/sampleLive.ts'

// Each call of server-everything waits for a timer of a millisecond, and one through a proxy is longer on its way: with 32
// connections the server is idle a tenth of the time behind the ingress, with 64 a twentieth, with 100 less, and with 200
// no less.
const everythingConnections = 100
// The bare server has work as soon as a call arrives.
const bareConnections = 16
const apart = 'server on a core of its own, proxy and load on the others'

/**
 * Each number is the median of pairs taken in turn: the server itself, then through the proxy. Where the server is what is
 * busiest, it has the same core in both, or two cores would tell where the kernel put three busy processes. A bare server
 * is not: its core would be idle most of the time, while the proxy shared one that the load has to itself without it.
 */
export const ingress: Measure = {
  name: 'ingress',
  title: '`echo` of server-everything and a bare HTTP server, each directly and through the ingress in turn',
  runs: 5,
  figures: [
    {
      name: 'ingress-rate',
      title: `calls/s of server-everything through the ingress, of those directly (${apart}, ${everythingConnections} connections)`,
      unit: '×',
      limit: {atLeast: 0.9},
    },
    {
      name: 'ingress-added',
      title: `what the ingress adds to the median call of server-everything (${apart}, one call at a time)`,
      unit: 'ms',
      limit: {atMost: 0.3},
    },
    {
      name: 'ingress-bare',
      title: `requests/s of a bare HTTP server through the ingress, of those directly (all on any core, ${bareConnections} connections)`,
      unit: '×',
      limit: {atLeast: 0.3},
    },
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const everything = await deployedEverything(cleanUp, signal)
    const bareProgram = inRepository('bench/ingress/bareServer.mjs')
    const bare = cleanUp.use(
      await startListener([process.execPath, bareProgram], said => (said.endsWith('\n') ? Number(said) : undefined)),
    )
    const servers = {everything: everything.url, bare: originOf(bare.port)}
    const ours = cleanUp.use(await startIngress(servers))
    const program = findNginx(process.env.PATH ?? '')
    const nginx = program === undefined ? undefined : cleanUp.use(await startNginx(program, servers))
    // This process makes the load, and has started both proxies.
    const keepApart = () => pin({servers: [everything.pid], others: [process.pid]})
    const through = (proxy: string) => sampleOf({servers, proxy, keepApart, signal})
    const absent = [
      ...(nginx === undefined ? ['nginx: not on this machine (Debian: apt-get install nginx)'] : []),
      ...whyNotApart(keepApart),
    ]
    const opened = cleanUp.move()
    return {
      sample: () => through(originOf(ours.port)),
      peers: nginx === undefined ? [] : [{title: 'nginx', sample: () => through(originOf(nginx.port))}],
      absent: absent.length === 0 ? undefined : absent,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}

async function deployedEverything(cleanUp: AsyncDisposableStack, signal: AbortSignal) {
  const fleet = cleanUp.use(await sampleLive(signal))
  const run = await fleet.plan('A')
  await fleet.apply(run)
  await fleet.finish(run)
  const {url, folder} = serverOf(fleet.live(), 'everything')
  // Its supervisor writes the number of the process first, then what tells it from a later one.
  return {url, pid: Number.parseInt(readFileSync(join(folder, 'child'), 'utf8'), 10)}
}

function whyNotApart(keepApart: () => Pinned): string[] {
  using tried = keepApart()
  return tried.absent === undefined ? [] : [tried.absent]
}

interface Sampled {
  servers: {everything: string; bare: string}
  /** Its origin. */
  proxy: string
  keepApart: () => Pinned
  signal: AbortSignal
}

async function sampleOf({servers, proxy, keepApart, signal}: Sampled): Promise<Sample> {
  const echo: Beside = {direct: mcpEcho(servers.everything, '/mcp'), proxied: mcpEcho(proxy, '/everything/mcp'), signal}
  const bare: Beside = {direct: bareHttp(servers.bare, '/'), proxied: bareHttp(proxy, '/bare/'), signal}
  const ofEverything = async () => {
    using _apart = keepApart()
    return {'ingress-rate': await rateRatio(echo, everythingConnections), 'ingress-added': await addedMs(echo)}
  }
  return {...(await ofEverything()), 'ingress-bare': await rateRatio(bare, bareConnections)}
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}
