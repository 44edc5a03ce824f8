// Judges what is known against the packages of a release.
import type {Finding} from '../../lib/journal/entry.ts'
import type {Check} from '../phase.ts'
import type {Advisories, Advisory} from './advisories.ts'

const severe = new Set(['high', 'critical'])

export function judgeAdvisories(seen: Advisories): Check {
  const name = 'vulnerabilities'
  // Nobody to ask is no fault of the release; the report says that it was not proved.
  if ('unknown' in seen) return {name, verdict: 'skip', detail: seen.unknown}
  const {packages, known} = seen
  const bad = known.filter(({severity}) => severe.has(severity))
  const findings = known.length === 0 ? undefined : known.map(findingOf)
  const numbers = {value: bad.length, limit: 0, unit: 'severe', findings}
  if (bad.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `of ${packages} packages: ${bad.map(one => `${one.package} ${one.range} (${one.severity}: ${one.title})`).join('; ')}`,
      remedy: 'take a version that fixes it: pnpm fleet:lock, then pnpm deploy:staging',
      ...numbers,
    }
  const rest =
    known.length === 0 ? 'nothing is known against them' : `${known.length} known faults, none of them severe`
  return {name, verdict: 'pass', detail: `${packages} packages: ${rest} (asked ${seen.asked.slice(0, 10)})`, ...numbers}
}

function findingOf({package: name, severity, title, range}: Advisory): Finding {
  return {
    severity: severe.has(severity) ? 'High' : severity === 'moderate' ? 'Medium' : 'Low',
    place: `${name} ${range}`,
    text: `${severity}: ${title}`,
  }
}
