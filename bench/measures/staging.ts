// How long a warm `deploy:staging` of the sample fleet takes, and how much of that is our own.
import {stateFolder} from '../child/stateFolder.ts'
import type {Measure} from '../measure.ts'
import {overhead} from '../staging/overhead.ts'
import {runStaging} from '../staging/runStaging.ts'

export const staging: Measure = {
  name: 'staging',
  title: 'node pipelines/run.ts staging on the sample fleet, everything built before',
  runs: 5,
  figures: [
    {name: 'staging-warm', title: '`deploy:staging` of the sample fleet, warm', unit: 's', limit: {atMost: 15}},
    {
      name: 'staging-overhead',
      title: 'of that our own: wall time less the longest chain of what it waited for',
      unit: 's',
      limit: {atMost: 2},
    },
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const state = cleanUp.use(stateFolder())
    // Whatever is not built yet is built now.
    await runStaging(state.path, signal)
    const opened = cleanUp.move()
    return {
      sample: async () => {
        const {wallMs, entries} = await runStaging(state.path, signal)
        return {'staging-warm': wallMs / 1000, 'staging-overhead': overhead(wallMs, entries).ownMs / 1000}
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}
