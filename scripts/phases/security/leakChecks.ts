// Judges whether a server tells secrets, in its log or in what it answers.
import type {Check} from '../phase.ts'
import type {LeakPlace} from './leaksIn.ts'
import {notSeen} from './processChecks.ts'
import type {SecuritySeen} from './securitySeen.ts'

export function judgeLog(log: SecuritySeen['log']): Check {
  const name = 'log'
  if (!('seen' in log)) return notSeen(name, log)
  const {lines, leaks} = log.seen
  const numbers = {value: leaks.length, limit: 0, unit: 'secrets'}
  if (leaks.length === 0) return {name, verdict: 'pass', detail: `its last ${lines} lines tell no secret`, ...numbers}
  return {
    name,
    verdict: 'fail',
    detail: `tells ${placesOf(leaks)}`,
    remedy: 'do not log it; change the secret, since it stands in the log, and remove the log',
    ...numbers,
  }
}

export function judgeAnswers(answers: SecuritySeen['answers']): Check {
  const name = 'answers'
  if (!('seen' in answers)) return notSeen(name, answers)
  const {texts, leaks} = answers.seen
  const numbers = {value: leaks.length, limit: 0, unit: 'secrets', evidence: texts.join('\n')}
  if (leaks.length === 0) return {name, verdict: 'pass', detail: `${texts.length} answers tell no secret`, ...numbers}
  return {
    name,
    verdict: 'fail',
    detail: `tells ${placesOf(leaks)}`,
    remedy: 'take it out of what it answers; change the secret, since models and logs have read it',
    ...numbers,
  }
}

function placesOf(leaks: readonly LeakPlace[]): string {
  return [
    ...new Set(
      leaks.map(({what, of, line}) => `${what} in ${of}${of === 'the log' ? `, line ${line} of what was read` : ''}`),
    ),
  ].join('; ')
}
