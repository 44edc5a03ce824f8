// How long `pnpm status` needs, without its package manager: where a fleet is live, and where nothing is.
import {copyFileSync} from 'node:fs'
import {join} from 'node:path'
import {bareNode} from '../child/bareNode.ts'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {liveFleet} from '../fleet/liveFleet.ts'
import type {Measure} from '../measure.ts'

// As many as the sample fleet has.
const liveServers = 4

export const status: Measure = {
  name: 'status',
  title: `node scripts/03-status.ts, with ${liveServers} fixture servers live behind the ingress, and with nothing live`,
  runs: 11,
  figures: [
    {name: 'status-live', title: `\`status\` of ${liveServers} live servers`, unit: 's', limit: {atMost: 0.6}},
    {name: 'status-empty', title: '`status` where nothing is live', unit: 's', limit: {atMost: 0.6}},
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const live = cleanUp.use(await liveFleet(liveServers, signal))
    const empty = cleanUp.use(temporaryFolder())
    copyFileSync(inRepository('fleet.yaml'), join(empty.path, 'fleet.yaml'))
    const opened = cleanUp.move()
    return {
      sample: async () => ({
        'status-live': (await askStatus(live.folder, 'is live since', signal)) / 1000,
        'status-empty': (await askStatus(empty.path, 'nothing is live', signal)) / 1000,
      }),
      peers: [bareNode(['status-live', 'status-empty'], empty.path, signal)],
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}

async function askStatus(folder: string, says: string, signal: AbortSignal): Promise<number> {
  const {ms, exitCode, output} = await runChild({
    argv: [
      process.execPath,
      '--import',
      inRepository('scripts/lib/startup/warmStart.mjs'),
      inRepository('scripts/03-status.ts'),
      '--env',
      'staging',
    ],
    folder,
    environment: childEnvironment(process.env, {XDG_STATE_HOME: join(folder, 'state')}),
    what: 'status',
    deadlineMs: 30_000,
    signal,
  })
  // A status that fails early would be quick.
  if (exitCode !== 0 || !output.includes(says))
    throw new Error(`status should say "${says}" with exit code 0, got ${exitCode}:\n${output}`)
  return ms
}
