// Judges a server's own code: a credential in it fails, a fixed address is for a person to look at.
import type {Check} from '../phase.ts'
import {notSeen} from './processChecks.ts'
import type {SecuritySeen} from './securitySeen.ts'

export function judgeSources(sources: SecuritySeen['sources']): Check[] {
  if (!('seen' in sources)) return ['source-credentials', 'source-addresses'].map(name => notSeen(name, sources))
  return [judgeCredentials(sources.seen), judgeAddresses(sources.seen)]
}

type Scan = Extract<SecuritySeen['sources'], {seen: unknown}>['seen']

function judgeCredentials({files, credentials, ...unread}: Scan): Check {
  const name = 'source-credentials'
  const numbers = {value: credentials.length, limit: 0, unit: 'credentials'}
  if (credentials.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `in its own code: ${credentials.map(({kind, path, line}) => `${kind} at ${path}:${line}`).join(', ')}`,
      remedy:
        'take it out and change it: it is in every copy of this release, and in the history of the code; where it opens nothing, name its file below source.notScanned with the reason',
      ...numbers,
    }
  if (files === 0) return {name, verdict: 'inconclusive', detail: 'no text of its own code was found', ...numbers}
  return {
    name,
    verdict: 'pass',
    detail: [`no credential in ${files} ${files === 1 ? 'file' : 'files'} of its own code`, ...notRead(unread)].join(
      '; ',
    ),
    findings: unread.excluded
      .filter(({found}) => !found)
      .map(({path}) => ({
        severity: 'Low',
        place: path,
        text: 'source.notScanned names it, and it is not there: remove the entry',
      })),
    ...numbers,
  }
}

// Whoever reads the verdict must see what it does not speak of.
function notRead({large, vendored, excluded}: Pick<Scan, 'large' | 'vendored' | 'excluded'>): string[] {
  return [
    ...(large.length === 0 ? [] : [`too large to be scanned: ${large.join(', ')}`]),
    ...(vendored.length === 0 ? [] : [`libraries of others, not scanned: ${vendored.join(', ')}`]),
    ...excluded.filter(({found}) => found).map(({path, reason}) => `not scanned: ${path} (${reason})`),
  ]
}

const atMost = 20

function judgeAddresses({files, addresses}: Scan): Check {
  const name = 'source-addresses'
  const numbers = {value: addresses.length, unit: 'addresses'}
  if (files === 0) return {name, verdict: 'inconclusive', detail: 'no text of its own code was found', ...numbers}
  if (addresses.length === 0)
    return {name, verdict: 'pass', detail: `${files} files of its own code hold no fixed address`, ...numbers}
  const more = addresses.length > atMost ? `, the first ${atMost} listed` : ''
  return {
    name,
    verdict: 'pass',
    detail: `${addresses.length} addresses stand in its own code, for a person to look at${more}`,
    findings: addresses
      .slice(0, atMost)
      .map(({path, line, address}) => ({severity: 'Low', place: `${path}:${line}`, text: `fixed address ${address}`})),
    ...numbers,
  }
}
