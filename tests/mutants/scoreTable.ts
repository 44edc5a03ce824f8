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

Each mutant changes a server: faults break it in a known way, harmless changes do not. The phases then check the server as in a rehearsal. The
servers are three from the npm registry, our own bridge to language models, and fixtures. Each runs as a real process behind an
ingress. A proxy in front of the server's port, a setting in the fleet file, or a file next to its code makes the
change. \`tests/mutants/\` defines all mutants as data.

- **${claimed.filter(isGood).length} of ${claimed.length}** faults that a check claims to detect were detected.
- **${harmless.filter(one => !isGood(one)).length} of ${harmless.length}** harmless changes caused a false alarm; each ran ${repeated(harmless) === 1 ? 'once' : `${repeated(harmless)} times`}.
- ${unclaimed.length} faults are not detected by any check; the reasons are below.

## By phase

More than one phase can claim a fault. The time is the median for one server; \`deploy\` includes building, starting and waiting
until the server is ready.

| phase | claimed | detected | missed | false alarms | ms |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

## Missed faults and false alarms

${list(all.filter(one => !isGood(one)).map(wrongLine), 'None.')}

## Undetected faults

${list(
  unclaimed.map(({mutant}) => {
    const reason = mutant.kind === 'fault' && 'nobody' in mutant.seenBy ? mutant.seenBy.nobody : ''
    return `- \`${mutant.name}\` (${mutant.row}, ${mutant.subject}): ${lower(mutant.what)}. ${upper(reason)}.`
  }),
  'None.',
)}

## All faults

${faults.map(faultLine).join('\n')}

## All harmless changes

${harmless.map(({mutant}) => `- \`${mutant.name}\` (${mutant.subject}): ${lower(mutant.what)}`).join('\n')}
`
}

function faultLine({mutant, alarms}: Scored): string {
  if (mutant.kind === 'harmless') return ''
  const claims = 'nobody' in mutant.seenBy ? [] : mutant.seenBy.map(claimText)
  const others = [...alarms.keys()].filter(check => !claims.some(claim => claim.startsWith(check))).sort()
  const detectedBy = claims.map(claim => `\`${claim}\``).join(', ') || 'not detected'
  return `- \`${mutant.name}\` (${mutant.row}, ${mutant.subject}): ${lower(mutant.what)}: ${detectedBy}${others.length > 0 ? `; also ${others.map(check => `\`${check}\``).join(', ')}` : ''}`
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
