// Judges text that steers models: one flag is for a person to read, and only flags that bear each other out decide.
import type {Finding} from '../../lib/journal/entry.ts'
import type {Check} from '../phase.ts'
import {notSeen} from './processChecks.ts'
import type {Flag, FlagKind} from './redFlags.ts'
import type {SecuritySeen} from './securitySeen.ts'

const meaning: Record<FlagKind, string> = {
  override: 'tells the model to disregard its instructions',
  secrecy: 'tells the model to hide something from its user',
  markup: 'is written as an order of the system',
  hidden: 'is hidden from people',
  'mixed-script': 'looks like other letters',
  'sensitive-file': "names a file of its reader's machine",
  'cross-tool': 'speaks of a tool of another server',
}

// Without one of these, two flags are what honest descriptions have as well.
const steering: ReadonlySet<FlagKind> = new Set(['override', 'secrecy', 'hidden', 'markup'])
const atMost = 30

export function judgeDescriptions(descriptions: SecuritySeen['descriptions']): Check {
  const name = 'descriptions'
  if (!('seen' in descriptions)) return notSeen(name, descriptions)
  const {tools, others, flags} = descriptions.seen
  const findings = findingsOf(flags)
  const borneOut = [...Map.groupBy(flags, flag => flag.of)].flatMap(([of, own]) => {
    const kinds = [...new Set(own.map(flag => flag.kind))]
    return kinds.length > 1 && kinds.some(kind => steering.has(kind)) ? [{of, kinds}] : []
  })
  const numbers = {value: borneOut.length, limit: 0, unit: 'steering descriptions', findings}
  if (borneOut.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: borneOut.map(({of, kinds}) => `${of}: ${kinds.map(kind => meaning[kind]).join(', and ')}`).join('; '),
      remedy: 'read the findings; do not let a model read this before its maker has explained it',
      ...numbers,
    }
  const looked = `${tools} tools${others > 0 ? `, beside ${others} of other servers` : ''}`
  return {
    name,
    verdict: 'pass',
    detail:
      flags.length === 0
        ? `${looked}: nothing that steers a model`
        : `${looked}: ${flags.length} findings for a person to read`,
    ...numbers,
  }
}

function findingsOf(flags: readonly Flag[]): Finding[] | undefined {
  if (flags.length === 0) return undefined
  return flags.slice(0, atMost).map(({kind, of, at, text}) => ({
    severity: steering.has(kind) ? 'High' : 'Medium',
    place: `${of}${at}`,
    text: `${meaning[kind]}: ${text}`,
  }))
}
