// Whether every program of a stack runs and is kept running: a pure check for the health phase and for the preflight step.
import type {PreflightCheck} from '../preflight/preflight.ts'
import type {ProgramStatus} from '../target/target.ts'
import {notKeptRunning} from './programState.ts'

/** A stack of which nothing runs at all, as after a reboot, is no fault here: whoever needs it starts it. */
export function judgeSupervised(programs: readonly ProgramStatus[]): PreflightCheck {
  const name = 'supervised'
  if (!programs.some(({running, supervised}) => running || supervised))
    return {name, verdict: 'skip', detail: 'nothing runs that could be kept running'}
  const faults = programs.flatMap(program => {
    const {running, supervised} = program
    const why = running || supervised ? notKeptRunning(program) : 'does not run, and nothing starts it'
    return why === undefined ? [] : [`${program.name}: ${why}`]
  })
  const numbers = {value: faults.length, limit: 0, unit: 'programs'}
  if (faults.length === 0) return {name, verdict: 'pass', detail: allKept(programs.length), ...numbers}
  return {name, verdict: 'fail', detail: faults.join('; '), remedy: 'pnpm resume brings them back', ...numbers}
}

function allKept(count: number): string {
  return count === 1 ? '1 program is started again when it ends' : `${count} programs are started again when they end`
}
