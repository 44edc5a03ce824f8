// Says how every program of a stack is at the end of a command, and whether all of them are healthy.

import type {Verdict} from '../errors/verdict.ts'
import type {ProgramState} from '../instance/programState.ts'
import {programLine} from './statusLines.ts'

export function reportPrograms(programs: readonly ProgramState[], say: (line: string) => void): Verdict {
  for (const program of programs) say(programLine(program))
  return programs.every(({state}) => state === 'healthy') ? 'pass' : 'fail'
}
