// What the ingress costs in front of a real server and of one that does nothing, beside what nginx costs.
import {serverOf} from '../../scripts/lib/instance/instance.ts'
import {inRepository} from '../child/repository.ts'
import {addedMs, type Beside, rateRatio} from '../ingress/beside.ts'
import {bareHttp, mcpEcho} from '../ingress/called.ts'
import {startIngress} from '../ingress/startIngress.ts'
import {startListener} from '../ingress/startListener.ts'
import {findNginx, startNginx} from '../ingress/startNginx.ts'
import type {Measure, Sample} from '../measure.ts'
import {sampleLive} from '../sample/sampleLive.ts'

/** Each number is the median of pairs taken in turn: the server itself, then through the proxy. */
export const ingress: Measure = {
  name: 'ingress',
  title: '`echo` of server-everything and a bare HTTP server, each directly and through the ingress in turn',
  runs: 5,
  figures: [
    {
      name: 'ingress-rate',
      title: 'calls/s of server-everything through the ingress, of those directly',
      unit: '×',
      limit: {atLeast: 0.9},
    },
    {
      name: 'ingress-added',
      title: 'what the ingress adds to the median call of server-everything',
      unit: 'ms',
      limit: {atMost: 0.3},
    },
    {
      name: 'ingress-bare',
      title: 'requests/s of a bare HTTP server through the ingress, of those directly',
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
    const servers = {everything, bare: originOf(bare.port)}
    const ours = cleanUp.use(await startIngress(servers))
    const program = findNginx(process.env.PATH ?? '')
    const nginx = program === undefined ? undefined : cleanUp.use(await startNginx(program, servers))
    const through = (origin: string) => sampleOf(servers, origin, signal)
    const opened = cleanUp.move()
    return {
      sample: () => through(originOf(ours.port)),
      peers: nginx === undefined ? [] : [{title: 'nginx', sample: () => through(originOf(nginx.port))}],
      absent: nginx === undefined ? ['nginx: not on this machine (Debian: apt-get install nginx)'] : undefined,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}

async function deployedEverything(cleanUp: AsyncDisposableStack, signal: AbortSignal): Promise<string> {
  const fleet = cleanUp.use(await sampleLive(signal))
  const run = await fleet.plan('A')
  await fleet.apply(run)
  await fleet.finish(run)
  return serverOf(fleet.live(), 'everything').url
}

async function sampleOf(
  servers: {everything: string; bare: string},
  proxy: string,
  signal: AbortSignal,
): Promise<Sample> {
  const echo: Beside = {direct: mcpEcho(servers.everything, '/mcp'), proxied: mcpEcho(proxy, '/everything/mcp'), signal}
  const bare: Beside = {direct: bareHttp(servers.bare, '/'), proxied: bareHttp(proxy, '/bare/'), signal}
  return {
    'ingress-rate': await rateRatio(echo),
    'ingress-added': await addedMs(echo),
    'ingress-bare': await rateRatio(bare),
  }
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}
