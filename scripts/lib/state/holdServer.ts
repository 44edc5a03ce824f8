// Holds a server still while its state is copied: for a bounded time, which ends also when nobody of us is there any more.
import {type Instance, serverOf} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'

export interface Hold {
  /** Undefined where the server cannot or must not be held. `inTime`: it was held until the work was done. */
  during:
    | (<Result>(work: () => Promise<Result>) => Promise<{result: Result; heldMs: number; inTime: boolean}>)
    | undefined
  /** What a person can do where that is not possible, or not enough. */
  instead: string
}

export interface HoldServer {
  instance: Instance
  server: string
  /** Longest time; 0: it must not be held. */
  seconds: number
  target: Target
  shell: Shell
}

/** What `servers.NAME.state.pauseSeconds` is where nothing is declared, also in descriptions that were made before it. */
export const usualPauseSeconds = 2

export function holdServer({instance, server, seconds, target, shell}: HoldServer): Hold {
  const {hold} = target
  const key = `servers.${server}.state.pauseSeconds`
  if (hold === undefined)
    return {
      during: undefined,
      instead: `try again at a quieter moment, or stop ${server}: the target ${target.name} cannot hold it still`,
    }
  if (seconds === 0)
    return {
      during: undefined,
      instead: `set ${key} in the fleet file to the seconds for which ${server} may be held still while its state is copied (now 0: never)`,
    }
  serverOf(instance, server)
  return {
    during: async work => {
      try {
        await shell.run(hold.begin(instance, server, seconds))
        const beganAt = performance.now()
        const result = await work()
        const heldMs = performance.now() - beganAt
        return {result, heldMs, inTime: heldMs < seconds * 1000}
      } finally {
        // Also where it did not say in time that it began: it may hold all the same.
        await shell.run(hold.end(instance, server))
      }
    },
    instead: `raise ${key} in the fleet file, now ${seconds} s, or find what else writes to its state`,
  }
}
