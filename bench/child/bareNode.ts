// How long this Node needs to start and end with nothing to do: the floor of every program of ours.
import type {Peer} from '../measure.ts'
import {childEnvironment} from './childEnvironment.ts'
import {runChild} from './runChild.ts'

/** A peer of the named figures, in seconds. */
export function bareNode(figures: readonly string[], folder: string, signal: AbortSignal): Peer {
  return {
    title: 'node -e 0',
    sample: async () => {
      const {ms} = await runChild({
        argv: [process.execPath, '-e', '0'],
        folder,
        environment: childEnvironment(process.env, {}),
        what: 'node -e 0',
        deadlineMs: 10_000,
        signal,
      })
      return Object.fromEntries(figures.map(figure => [figure, ms / 1000]))
    },
  }
}
