// How long a rollback of the sample fleet takes from the shell until every server answers with the previous release.
import {findPnpm} from '../child/findPnpm.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import type {Measure} from '../measure.ts'
import {endStandby, onStandby} from '../rollback/endStandby.ts'
import {plainStart} from '../rollback/plainStart.ts'
import {type TimedRollback, timeRollback} from '../rollback/timeRollback.ts'
import type {Edition} from '../sample/sampleFolder.ts'
import {sampleLive} from '../sample/sampleLive.ts'

/**
 * After a finished deploy the replaced instances of `blue-green` servers are on standby, as long as the sample's production says;
 * after that nothing of the previous release runs. During a deploy, instances that can drain still do.
 */
export const rollback: Measure = {
  name: 'rollback',
  title:
    'pnpm rollback and sh rollback.sh of all 4 servers of the sample fleet, as a client sees which release answers',
  runs: 5,
  figures: [
    {
      name: 'rollback',
      title:
        '`pnpm rollback` after a finished deploy, from the shell until the previous release answers for all 4 servers: the 2 `blue-green` copies taken back from standby, the 2 `recreate` ones started anew',
      unit: 's',
      limit: {atMost: 2.5},
    },
    {
      name: 'rollback-decided',
      title: 'of that after the decision, which is the journal entry of where it goes',
      unit: 's',
      limit: {atMost: 1},
    },
    {
      name: 'rollback-anew',
      title: 'the same when the time on standby is over, so that all 4 servers are started anew',
      unit: 's',
      limit: {atMost: 2.5},
    },
    {name: 'rollback-anew-decided', title: 'of that after the decision', unit: 's'},
    {
      name: 'rollback-unfinished',
      title: 'the same within a deploy, while the old copies of the 2 `blue-green` servers still run',
      unit: 's',
      limit: {atMost: 2.5},
    },
    {
      name: 'rollback-unfinished-decided',
      title: 'of that after the decision',
      unit: 's',
      limit: {atMost: 1},
    },
    {
      name: 'rollback-sh',
      title:
        '`sh rollback.sh` after a finished deploy, with the same copies on standby, until the previous release answers',
      unit: 's',
      limit: {atMost: 2},
    },
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const tools = cleanUp.use(temporaryFolder())
    const pnpm = await findPnpm(tools.path, signal)
    const fleet = cleanUp.use(await sampleLive(signal))
    await deploy(fleet, 'A')
    const previous = fleet.live().release
    const byPnpm = [pnpm, 'rollback', '--env', 'staging', '--fleet', fleet.fleetPath] as const
    const opened = cleanUp.move()
    return {
      sample: async () => {
        await fleet.apply(await fleet.plan('B'))
        const unfinished = await timeRollback(fleet, byPnpm, signal)
        await deploy(fleet, 'B')
        await onStandby(fleet)
        const finished = await timeRollback(fleet, byPnpm, signal)
        await deploy(fleet, 'B')
        await endStandby(fleet, signal)
        const anew = await timeRollback(fleet, byPnpm, signal)
        await deploy(fleet, 'B')
        await onStandby(fleet)
        const script = await timeRollback(fleet, ['sh', fleet.rollbackScript(previous)], signal)
        return {
          rollback: finished.totalMs / 1000,
          'rollback-decided': decided(finished) / 1000,
          'rollback-anew': anew.totalMs / 1000,
          'rollback-anew-decided': decided(anew) / 1000,
          'rollback-unfinished': unfinished.totalMs / 1000,
          'rollback-unfinished-decided': decided(unfinished) / 1000,
          'rollback-sh': script.totalMs / 1000,
        }
      },
      peers: [
        {
          title: 'the same 4 servers started side by side by nothing but the kernel, until each answers',
          sample: async () => {
            const instance = fleet.live()
            await fleet.step('97-stop')
            const ms = await plainStart({instance, wanted: 'A', secrets: fleet.secrets, signal})
            await deploy(fleet, 'A')
            return {'rollback-anew-decided': ms / 1000}
          },
        },
      ],
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}

async function deploy(fleet: Awaited<ReturnType<typeof sampleLive>>, edition: Edition): Promise<void> {
  const run = await fleet.plan(edition)
  await fleet.apply(run)
  await fleet.finish(run)
}

function decided({decidedMs}: TimedRollback): number {
  if (decidedMs === undefined) throw new Error('pnpm rollback should write into its journal where it goes')
  return decidedMs
}
