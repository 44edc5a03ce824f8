// How long a warm `deploy:staging` of the sample fleet takes, how much of that is our own, and what its deep phases cost.
import {stateFolder} from '../child/stateFolder.ts'
import type {Measure} from '../measure.ts'
import {overhead} from '../staging/overhead.ts'
import {phaseTimes} from '../staging/phaseTimes.ts'
import {runStaging} from '../staging/runStaging.ts'

// Those that look for lies, leaks, leftovers and differences; the others are there since the first release.
const deep = ['protocol', 'contract', 'consistency', 'stale', 'timeouts', 'security', 'truth', 'leak']

export const staging: Measure = {
  name: 'staging',
  title: 'deploy:staging on the sample fleet, everything built before: again, with --fresh, and with --quick',
  runs: 3,
  figures: [
    {
      name: 'staging-quick',
      title: '`deploy:staging --quick --fresh` of the sample fleet: all but `truth` and `leak` seen again',
      unit: 's',
      limit: {atMost: 25},
    },
    {
      name: 'staging-overhead',
      title: 'Of that our own: wall time less the longest chain of what it waited for',
      unit: 's',
      limit: {atMost: 2},
    },
    {
      name: 'staging-again',
      title: '`deploy:staging` of the sample fleet, warm: nothing changed since the rehearsal before',
      unit: 's',
      limit: {atMost: 15},
    },
    {
      name: 'staging-again-overhead',
      title: 'Of that our own: wall time less the longest chain of what it waited for',
      unit: 's',
      limit: {atMost: 2},
    },
    {
      name: 'staging-full',
      title: '`deploy:staging --fresh` of the sample fleet: everything seen again',
      unit: 's',
      limit: {atMost: 65},
    },
    {name: 'staging-deep', title: `Of that the phases ${deep.join(', ')}`, unit: 's', limit: {atMost: 40}},
    {name: 'staging-truth', title: 'Of these `truth`', unit: 's', limit: {atMost: 20}},
    {name: 'staging-leak', title: 'Of these `leak`', unit: 's', limit: {atMost: 25}},
  ],
  open: async signal => {
    await using cleanUp = new AsyncDisposableStack()
    const state = cleanUp.use(stateFolder())
    // Whatever is not built yet is built now.
    using _built = await runStaging(state.path, ['--quick', '--fresh'], signal)
    const opened = cleanUp.move()
    return {
      sample: async () => {
        using quick = await runStaging(state.path, ['--quick', '--fresh'], signal)
        using full = await runStaging(state.path, ['--fresh'], signal)
        // Its journal is there until the end of this sample, and so is what it saw.
        using again = await runStaging(state.path, [], signal)
        if (!again.entries.some(entry => entry.type === 'check' && entry.carried !== undefined))
          throw new Error('a rehearsal of what did not change should carry over what the one before saw')
        const times = phaseTimes(full.entries)
        const seconds = (phases: readonly string[]) =>
          phases.reduce((sum, phase) => sum + (times[phase] ?? 0), 0) / 1000
        return {
          'staging-again': again.wallMs / 1000,
          'staging-again-overhead': overhead(again.wallMs, again.entries).ownMs / 1000,
          'staging-quick': quick.wallMs / 1000,
          'staging-overhead': overhead(quick.wallMs, quick.entries).ownMs / 1000,
          'staging-full': full.wallMs / 1000,
          'staging-deep': seconds(deep),
          'staging-truth': seconds(['truth']),
          'staging-leak': seconds(['leak']),
        }
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  },
}
