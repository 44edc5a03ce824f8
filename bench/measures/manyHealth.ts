// How long health checks of a large fleet take, compared with its slowest server alone.

import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {runHealth} from '../fleet/runHealth.ts'
import {sharedFleet} from '../fleet/sharedFleet.ts'
import {startManyServers} from '../fleet/startManyServers.ts'
import type {Measure} from '../measure.ts'

// A health check makes about five requests, so it takes about half a second for the slowest server.
const slowMs = 100

/** `count` servers behind one ingress. Their own time is that of their observations, steady time included. */
export function manyHealth(count: number): Measure {
  const name = `health-${count}`
  return {
    name,
    title: `node scripts/70-health.ts on ${count} fixture servers with default limits, of which one is slow`,
    runs: 5,
    figures: [
      {name, title: `health of ${count} servers`, unit: 's', limit: {atMost: 2, timesPeer: 1.5}},
      {name: `${name}-memory`, title: `peak memory of that step`, unit: 'MB', limit: {atMost: 300}},
    ],
    open: async signal => {
      await using cleanUp = new AsyncDisposableStack()
      const servers = cleanUp.use(await startManyServers(count, slowMs))
      const all = cleanUp.use(await sharedFleet(servers, count))
      const slowest = cleanUp.use(await sharedFleet(servers, 1))
      const opened = cleanUp.move()
      return {
        sample: async () => {
          const {wallMs, peakMegabytes} = await runHealth(all, signal)
          return {[name]: wallMs / 1000, [`${name}-memory`]: peakMegabytes}
        },
        peers: [
          {
            title: 'the slowest server alone',
            sample: async () => ({[name]: ownMs((await runHealth(slowest, signal)).entries) / 1000}),
          },
        ],
        [Symbol.asyncDispose]: () => opened.disposeAsync(),
      }
    },
  }
}

/** What the phases took to observe the only server, one phase after another. */
function ownMs(entries: readonly Entry[]): number {
  const checks = entriesOf(entries, 'check').filter(check => check.server !== undefined)
  const byPhase = Map.groupBy(checks, check => check.phase)
  if (byPhase.size === 0) throw new Error('70-health should have judged the slowest server, judged nothing')
  return [...byPhase.values()].reduce((sum, same) => sum + Math.max(...same.map(check => check.ms ?? 0)), 0)
}
