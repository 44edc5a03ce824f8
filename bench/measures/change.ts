// What clients of the sample fleet lose in a deploy and in a rollback, compared with a plain restart.

import {serverOf} from '../../scripts/lib/target/instance.ts'
import {type HeldLosses, heldClients, load} from '../change/heldClients.ts'
import {plainRestart} from '../change/plainRestart.ts'
import type {Measure, Sample} from '../measure.ts'
import {sampleLive} from '../sample/sampleLive.ts'

const kinds = {
  lost: 'failed, answered wrongly or never, or done without effect',
  silent: 'lost silently',
  doubled: 'arrived, or had their effect, twice',
} as const

// A tenth less could be the machine; more is another load than the title says.
const heldAtLeast = 0.95 * load.callsPerSecond

/** Four servers at that rate would need nearly all of two cores, so that each is under load in a change of its own. */
export const change: Measure = {
  name: 'change',
  title: `every server of the sample fleet in turn under ${load.callsPerSecond} calls/s with ${load.sessions} sessions, while all 4 change`,
  runs: 3,
  figures: [
    ...(['deploy', 'rollback'] as const).flatMap(what =>
      Object.entries(kinds).map(([kind, title]) => ({
        name: `${what}-${kind}`,
        title: `calls ${title}, over a ${what} of 2 \`blue-green\` and 2 \`recreate\` servers, one after another under load`,
        unit: 'calls',
        limit: {atMost: 0},
      })),
    ),
    {
      name: 'change-load',
      title: 'calls sent before each change, at the server with the fewest',
      unit: 'calls/s',
      limit: {atLeast: heldAtLeast},
    },
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const fleet = cleanUp.use(await sampleLive(signal))
    const first = await fleet.plan('A')
    await fleet.apply(first)
    await fleet.finish(first)
    const {folder, secrets} = fleet
    const held = async (name: string, what: string, through: 'ingress' | 'server', change: () => Promise<void>) => {
      const losses = await heldClients({server: serverOf(fleet.live(), name), folder, secrets, through, signal, change})
      console.error(`  ${name}, ${what}: ${told(losses)}`)
      return losses
    }
    const names = fleet.live().servers.map(({name}) => name)
    const opened = cleanUp.move()
    return {
      sample: async () => {
        const deploys: HeldLosses[] = []
        const rollbacks: HeldLosses[] = []
        for (const name of names) {
          const run = await fleet.plan('B')
          const deploy = async () => {
            await fleet.apply(run)
            // Old instances stop here, with their remaining sessions.
            await fleet.finish(run)
          }
          deploys.push(await held(name, 'deploy', 'ingress', deploy))
          rollbacks.push(await held(name, 'rollback', 'ingress', () => fleet.step('90-rollback')))
        }
        const perSecond = Math.min(...[...deploys, ...rollbacks].map(losses => losses.perSecond))
        return {...figuresOf('deploy', deploys), ...figuresOf('rollback', rollbacks), 'change-load': perSecond}
      },
      peers: [
        {
          title: 'plain restart, clients at the server itself',
          sample: async () => {
            const restarts: HeldLosses[] = []
            for (const name of names)
              restarts.push(
                await held(name, 'plain restart', 'server', () => plainRestart(fleet.live(), name, secrets, signal)),
              )
            return {...figuresOf('deploy', restarts), ...figuresOf('rollback', restarts)}
          },
        },
      ],
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}

function figuresOf(what: 'deploy' | 'rollback', changes: readonly HeldLosses[]): Sample {
  const kindsOf = Object.keys(kinds) as (keyof typeof kinds)[]
  return Object.fromEntries(
    kindsOf.map(kind => [`${what}-${kind}`, changes.reduce((sum, losses) => sum + losses[kind], 0)]),
  )
}

function told({perSecond, sent, heldBack, lost, silent, doubled}: HeldLosses): string {
  return `${Math.round(perSecond)} calls/s, ${sent} sent, ${heldBack} not sent as clients waited; ${lost} lost, ${silent} silently, ${doubled} doubled`
}
