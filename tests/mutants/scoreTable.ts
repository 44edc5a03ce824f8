// The mutation score as text: what each phase catches, misses and raises a false alarm over, and how long it takes.
import {phaseNames} from '../../scripts/phases/index.ts'
import {claimText, isGood, type Scored} from './score.ts'

export interface ScoreAbout {
  date: string
  version: string
  node: string
  processors: number
  minutes: number
}

interface PhaseRow {
  phase: string
  claimed: number
  caught: number
  falseAlarms: number
  medianMs: number | undefined
}

const phaseOf = (check: string) => check.split('/')[0] ?? ''

export function phaseRows(all: readonly Scored[]): PhaseRow[] {
  return ['deploy', ...phaseNames].map(phase => {
    const claims = all.flatMap(({mutant, missed, fault}) =>
      mutant.kind === 'harmless' || 'nobody' in mutant.seenBy
        ? []
        : mutant.seenBy
            .filter(({check}) => phaseOf(check) === phase)
            .map(claim => fault === undefined && !missed.has(claimText(claim))),
    )
    const times = all.flatMap(({ms}) => ms.flatMap(one => one[phase === 'deploy' ? 'start' : phase] ?? []))
    return {
      phase,
      claimed: claims.length,
      caught: claims.filter(Boolean).length,
      falseAlarms: all
        .filter(({mutant}) => mutant.kind === 'harmless')
        .flatMap(({alarms}) => [...alarms.keys()].filter(check => phaseOf(check) === phase)).length,
      medianMs: median(times),
    }
  })
}

/** A page of docs/. The order is that of the list, so that two runs can be compared line by line. */
export function scorePage(all: readonly Scored[], {date, version, node, processors, minutes}: ScoreAbout): string {
  const faults = all.filter(({mutant}) => mutant.kind === 'fault')
  const harmless = all.filter(({mutant}) => mutant.kind === 'harmless')
  const unclaimed = faults.filter(({mutant}) => mutant.kind === 'fault' && 'nobody' in mutant.seenBy)
  const claimed = faults.filter(one => !unclaimed.includes(one))
  const repeated = (some: readonly Scored[]) => Math.max(0, ...some.map(({repetitions}) => repetitions))
  const rows = phaseRows(all).map(
    ({phase, claimed: of, caught, falseAlarms, medianMs}) =>
      `| ${phase} | ${of} | ${caught} | ${of - caught} | ${falseAlarms} | ${medianMs === undefined ? '' : Math.round(medianMs)} |`,
  )
  return `# The mutation score

Written by \`pnpm test:mutants\` on ${date}: Seaworthy ${version}, Node ${node}, ${processors} processors, ${minutes.toFixed(0)} minutes.

Servers are broken in known ways, and changed in ways that harm nobody; then the phases judge them as in any rehearsal. The
servers are three of the npm registry, our own bridge to language models, and fixtures; each is started for real behind its
ingress. A fault is made by a small proxy in front of the server's port, by another setting in the fleet file, or by a file
beside its code. \`tests/mutants/\` has all of it, as data.

- **${claimed.filter(isGood).length} of ${claimed.length}** faults that a check claims to see were caught.
- **${harmless.filter(one => !isGood(one)).length} of ${harmless.length}** harmless changes raised a false alarm; each was tried ${repeated(harmless) === 1 ? 'once' : `${repeated(harmless)} times`}.
- ${unclaimed.length} faults are seen by nobody; the reasons are below.

## By phase

A fault may be claimed by more than one phase. The time is the median of one server; \`deploy\` is building, starting and waiting
until it is ready.

| phase | claimed | caught | missed | false alarms | ms |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

## Missed, and false alarms

${list(all.filter(one => !isGood(one)).map(wrongLine), 'None.')}

## Seen by nobody

${list(
  unclaimed.map(({mutant}) => {
    const reason = mutant.kind === 'fault' && 'nobody' in mutant.seenBy ? mutant.seenBy.nobody : ''
    return `- \`${mutant.name}\` (${mutant.row}, ${mutant.subject}): ${lower(mutant.what)}. ${upper(reason)}.`
  }),
  'None.',
)}

## Every fault

${faults.map(faultLine).join('\n')}

## Every harmless change

${harmless.map(({mutant}) => `- \`${mutant.name}\` (${mutant.subject}): ${lower(mutant.what)}`).join('\n')}
`
}

function faultLine({mutant, alarms}: Scored): string {
  if (mutant.kind === 'harmless') return ''
  const claims = 'nobody' in mutant.seenBy ? [] : mutant.seenBy.map(claimText)
  const others = [...alarms.keys()].filter(check => !claims.some(claim => claim.startsWith(check))).sort()
  const told = claims.map(claim => `\`${claim}\``).join(', ') || 'nobody'
  return `- \`${mutant.name}\` (${mutant.row}, ${mutant.subject}): ${lower(mutant.what)}: ${told}${others.length > 0 ? `; also ${others.map(check => `\`${check}\``).join(', ')}` : ''}`
}

/** What is wrong with a result, for people. */
export function wrongLine({mutant, missed, alarms, said, repetitions, fault}: Scored): string {
  if (fault !== undefined) return `- \`${mutant.name}\` could not be run: ${fault}`
  const wrong = mutant.kind === 'harmless' ? alarms : missed
  const parts = [...wrong].map(
    ([check, times]) =>
      `\`${check}\` ${times} of ${repetitions}${said.has(check) ? ` (${said.get(check)?.split('\n')[0]})` : ''}`,
  )
  return `- \`${mutant.name}\` (${mutant.subject}) ${mutant.kind === 'harmless' ? 'alarms' : 'missed by'} ${parts.join('; ')}`
}

const list = (lines: readonly string[], none: string) => (lines.length > 0 ? lines.join('\n') : none)

const lower = (text: string) => `${text[0]?.toLowerCase()}${text.slice(1)}`

const upper = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
