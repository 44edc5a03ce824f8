// After all wrong questions: does the server still answer a right one, and is it still the same process?

import {type Climb, isLate} from '../../lib/mcp/ladder.ts'
import {lastEnd} from '../../lib/target/lastEnd.ts'
import type {ProgramStatus} from '../../lib/target/target.ts'
import type {Check} from '../phase.ts'

export interface Afterwards {
  inside: Climb
  through: Climb
  before: ProgramStatus | undefined
  after: ProgramStatus | undefined
}

/** A supervisor may have started it again so soon that it answers: that it fell shows in its identity. */
export function judgeAfterwards({inside, through, before, after}: Afterwards): Check {
  const name = 'still-answers'
  const evidence = `inside: ${inside.summary}\nthrough the ingress: ${through.summary}`
  const fail = (detail: string): Check => ({
    name,
    verdict: 'fail',
    detail,
    remedy: 'a wrong request must not take a server down: see its log of this time, and which question came last',
    evidence,
  })
  const failed = [inside, through].filter(({holds}) => !holds)
  if (failed[0] !== undefined)
    return {
      ...fail(`after the wrong requests it no longer answers: ${failed[0].summary}`),
      byTime: failed.every(isLate),
    }
  if (before !== undefined && after !== undefined && before.identity !== after.identity)
    return fail(`a wrong request ended it: it was ${before.identity}, now it is ${after.identity}${how(before, after)}`)
  if (before !== undefined && after !== undefined && after.restarts > before.restarts)
    return fail(`a wrong request ended it: it restarted ${after.restarts - before.restarts} times${how(before, after)}`)
  return {name, verdict: 'pass', detail: `after all wrong requests ${through.summary}`, evidence}
}

function how(before: ProgramStatus, {restarts, lastExit}: ProgramStatus): string {
  return restarts > before.restarts && lastExit !== undefined ? `, ${lastEnd(lastExit)}` : ''
}
