// The status of a program, as a target reports it.
import type {ProgramStatus} from '../../../scripts/lib/target/target.ts'

/** Of a program `one` that runs well, but for what is given. */
export function programStatus(given: Partial<ProgramStatus> = {}): ProgramStatus {
  return {
    name: 'one',
    running: true,
    identity: '10@500',
    supervised: true,
    frozen: undefined,
    restarts: 0,
    lastExit: undefined,
    nextTryMs: undefined,
    memoryMegabytes: 50,
    ...given,
  }
}
