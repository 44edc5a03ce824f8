// Judges of the phase `consistency`: which places must tell the same, and which differences are facts to be shown.
import {refused, surfaceOf} from '../lib/contract/contract.ts'
import {contractDifferences} from '../lib/contract/contractDifferences.ts'
import {countText, differenceLine, differenceText} from '../lib/contract/differenceLines.ts'
import {diffSurfaces} from '../lib/contract/diffSurfaces.ts'
import type {Surface} from '../lib/contract/surface.ts'
import type {ConsistencySeen} from './consistencySeen.ts'
import {faultOf, type PlaceSeen} from './contractSeen.ts'
import type {Check} from './phase.ts'

export function judgePerConnection({first, again}: ConsistencySeen): Check {
  return judgePlace('per-connection', 'on a second set of connections', {first, place: again}, perConnectionRemedy)
}

export function judgeThroughIngress({first, ingress}: ConsistencySeen): Check {
  return judgePlace('through-ingress', 'through the ingress', {first, place: ingress}, ingressRemedy)
}

export function judgePerCopy({first, other}: ConsistencySeen): Check {
  if ('none' in other) return {name: 'per-copy', verdict: 'skip', detail: other.none}
  if ('unready' in other)
    return {
      name: 'per-copy',
      verdict: 'inconclusive',
      detail: `a second copy did not come up, so there is nothing to compare: ${other.unready}`,
      remedy: 'start it twice by hand: what do the copies share, such as a port or a file?',
    }
  return judgePlace('per-copy', 'on a second copy', {first, place: other.place}, perCopyRemedy)
}

const perConnectionRemedy =
  'what a server lists must not vary per connection (MCP 2026-07-28): find out what it remembers from one to the next'
const ingressRemedy = 'a route leads to another copy or another release: see pnpm logs ingress and pnpm status'
const perCopyRemedy =
  'clients meet either copy: find out what the contract depends on, such as a file or what ran before'

function judgePlace(
  name: string,
  where: string,
  {first, place}: {first: PlaceSeen; place: PlaceSeen},
  remedy: string,
): Check {
  if (place.sameAsFirst === true)
    return {name, verdict: 'pass', detail: `${place.views.length} kinds of clients are told the same ${where}`}
  const fault = faultOf(place)
  if (fault !== undefined || place.contract === undefined || first.contract === undefined)
    return {name, verdict: 'fail', detail: `${where} the contract cannot be told: ${fault}`, remedy}
  const differences = contractDifferences(first.contract, place.contract)
  const [worst] = differences
  return {
    name,
    verdict: 'fail',
    detail: `${where} another contract is told: ${countText(differences)}${worst ? `; first: ${differenceLine(worst)}` : ''}`,
    value: Math.max(1, differences.length),
    limit: 0,
    unit: 'differences',
    remedy,
    evidence: differenceText(differences),
  }
}

/** Specification 2026-07-28, server/tools: the order SHOULD be deterministic. */
export function judgeOrder({first, again, ingress, other}: ConsistencySeen): Check {
  const name = 'order'
  const places: [string, PlaceSeen][] = [
    ['on a second connection', again],
    ['through the ingress', ingress],
    ...('place' in other ? ([['on a second copy', other.place]] as [string, PlaceSeen][]) : []),
  ]
  const differing = places.flatMap(([where, place]) =>
    place.views.flatMap(({view, order}) => {
      const before = first.views.find(seen => seen.view === view)?.order
      const same = before === undefined || JSON.stringify(before) === JSON.stringify(order)
      return same ? [] : [`${view}, ${where}: ${order.join(', ')}; before: ${before.join(', ')}`]
    }),
  )
  if (differing.length === 0)
    return {name, verdict: 'pass', detail: `the tools come in the same order in ${places.length + 1} places`}
  return {
    name,
    verdict: 'fail',
    detail: `the tools come in another order ${differing[0]?.slice(0, 300)}`,
    remedy: 'sort the list: clients keep it in prompts, where another order costs the cache',
    evidence: differing.join('\n'),
  }
}

/** Bridges drop what an era does not have, so differences are shown; a whole tool that is missing has no such reason. */
export function judgeEras({contract}: PlaceSeen): Check {
  const name = 'eras'
  const both = pairs(contract, 'legacy', 'modern')
  if (both.length === 0) return {name, verdict: 'skip', detail: 'it speaks one era only'}
  const lost = both
    .filter(({rest}) => rest.startsWith('bare'))
    .flatMap(({rest, one, other}) => [
      ...missing(one, other).map(what => `${what} is missing in the modern era (${rest})`),
      ...missing(other, one).map(what => `${what} is missing in the legacy era (${rest})`),
    ])
  const facts = both.flatMap(({rest, one, other}) =>
    diffSurfaces(one, other).map(({pointer, what}) => `${rest}: ${pointer}: ${what}`),
  )
  const evidence = facts.slice(0, 60).join('\n') || undefined
  if (lost.length > 0)
    return {
      name,
      verdict: 'fail',
      detail: `clients of one era lose what those of the other have: ${lost.slice(0, 5).join('; ')}`,
      value: lost.length,
      limit: 0,
      unit: 'lost',
      remedy: 'find out who drops it: the server, its SDK or its bridge',
      evidence,
    }
  const shown =
    facts.length === 0 ? 'and differ in nothing' : `and differ in ${facts.length} points, shown in the evidence`
  return {name, verdict: 'pass', detail: `both eras have the same tools, prompts and resources, ${shown}`, evidence}
}

/** A client that can do more may be offered more, never less. */
export function judgeProfiles({contract}: PlaceSeen): Check {
  const name = 'profiles'
  const both = Object.keys(contract?.views ?? {}).flatMap(view => {
    const bare = contract && surfaceOf(contract, view)
    const full = contract && surfaceOf(contract, view.replace(', bare, ', ', full, '))
    const comparable = view.includes(', bare, ') && isSurface(bare) && isSurface(full)
    return comparable ? [{view: view.replace(', bare, ', ', '), bare, full}] : []
  })
  if (both.length === 0) return {name, verdict: 'skip', detail: 'no client could be told apart by what it declares'}
  const lost = both.flatMap(({view, bare, full}) => missing(bare, full).map(what => `${what} (${view})`))
  const told = both.map(({view, bare, full}) => `${view}: ${bare.tools.length} tools bare, ${full.tools.length} full`)
  if (lost.length === 0) return {name, verdict: 'pass', detail: told.join('; ')}
  return {
    name,
    verdict: 'fail',
    detail: `a client that declares more is offered less: ${lost.slice(0, 5).join('; ')}`,
    value: lost.length,
    limit: 0,
    unit: 'lost',
    remedy: 'find out why a tool depends on what the client cannot do',
    evidence: told.join('\n'),
  }
}

function pairs(contract: PlaceSeen['contract'], one: string, other: string) {
  return Object.keys(contract?.views ?? {}).flatMap(view => {
    const rest = view.slice(one.length + 2)
    const first = contract && view.startsWith(one) ? surfaceOf(contract, view) : undefined
    const second = contract && surfaceOf(contract, `${other}, ${rest}`)
    return isSurface(first) && isSurface(second) ? [{rest, one: first, other: second}] : []
  })
}

function isSurface(side: ReturnType<typeof surfaceOf>): side is Surface {
  return side !== undefined && side !== refused
}

/** What `one` has and `other` does not, whole items only. */
function missing(one: Surface, other: Surface): string[] {
  const names = (surface: Surface) => [
    ...surface.tools.map(({name}) => `tool ${name}`),
    ...surface.prompts.map(({name}) => `prompt ${name}`),
    ...surface.resources.map(({uri}) => `resource ${uri}`),
    ...surface.resourceTemplates.map(({uriTemplate}) => `template ${uriTemplate}`),
  ]
  const there = new Set(names(other))
  return names(one).filter(name => !there.has(name))
}
