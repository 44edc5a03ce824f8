// Judges the answers to one question: a fault fails, a SHOULD is a finding, nothing asked is never a pass.
import {clip} from '../../lib/mcp/quote.ts'
import type {Check} from '../phase.ts'
import {notSpoken} from './askAll.ts'
import {told} from './asked.ts'
import type {Answered, Question} from './question.ts'

/** Pure: the same answers give the same check, also a year later. */
export function judgeQuestion(question: Question, {asked, skipped, unasked}: Answered): Check {
  const {name, eras, remedy} = question
  const evidence = asked.map(told).join('\n') || undefined
  const check = (verdict: Check['verdict'], detail: string): Check => ({name, verdict, detail, evidence})
  const faults = asked.length === 0 ? [] : question.faults(asked)
  const moot = asked.length === 0 ? undefined : question.moot?.(asked)
  if (moot !== undefined) return check('skip', moot)
  if (faults.length > 0) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
    return {
      ...check('fail', `${clip(faults[0], 300)}${more}`),
      // No question is answered rightly by silence, so these are the very answers at fault.
      byTime: asked.filter(({transport}) => transport === 'deadline').length === faults.length,
      value: faults.length,
      limit: 0,
      unit: 'wrong answers',
      remedy,
    }
  }
  if (unasked !== undefined) return check('inconclusive', `not asked: ${unasked}`)
  if (asked.length === 0) {
    if (skipped.length > 0) return check('skip', [...new Set(skipped)].join('; '))
    return eras === 'first' ? check('inconclusive', 'it could not be asked') : check('skip', notSpoken(eras))
  }
  const findings = question.findings?.(asked).map(finding => ({...finding, place: name})) ?? []
  return {
    ...check('pass', `${question.told} (${[...new Set(asked.map(({era}) => era))].join(' and ')})`),
    value: asked.length,
    unit: 'requests',
    findings: findings.length > 0 ? findings : undefined,
  }
}
