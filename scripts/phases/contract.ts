// What a server tells of itself is what is on record of its release, and breaks no client of the release before it.
import type {EarlierRelease} from '../lib/records/contractRecords.ts'
import {shortDigest} from '../lib/release/release.ts'
import {judgeCompatible, judgeRecorded, judgeSteering, judgeUnderstood} from './contractChecks.ts'
import {besideRecord, faultOf, type OnRecord, type PlaceSeen, seePlace} from './contractSeen.ts'
import type {Check, Phase} from './phase.ts'

interface ContractSeen {
  place: PlaceSeen
  /** The contract on record of the release that is judged. */
  own: OnRecord
  earlier: EarlierRelease
  ofEarlier: OnRecord
}

/** Servers of the earlier release, and those of this one. */
interface ServersSeen {
  earlier: EarlierRelease
  servers: string[]
}

export const contract: Phase<ContractSeen, ServersSeen> = {
  name: 'contract',
  title: 'Every server offers its recorded contract and breaks no client of the earlier release',
  // Six clients with some ten requests each, four clients at a time.
  deadlineMs: settings => (settings?.client.timeoutMs ?? 5000) * 10,

  server: {
    observe: async (context, server) => {
      const place = await seePlace(context, server, server.endpoint)
      const {contracts} = context
      const [earlier, own, ofEarlier] = await Promise.all([
        contracts.earlier(),
        contracts.own(server.name),
        contracts.ofEarlier(server.name),
      ])
      return {
        place,
        own: besideRecord(own, place.contract, server.name),
        earlier,
        ofEarlier: besideRecord(ofEarlier, place.contract, server.name),
      }
    },
    evidence: ({place}) => ({have: place.views.length + place.notSpoken.length, need: 1, what: 'answers'}),
    judge: seen => [judgeObserved(seen.place), ...judgeContract(seen)],
  },

  fleet: {
    observe: async context => ({
      earlier: await context.contracts.earlier(),
      servers: context.instance.servers.map(({name}) => name),
    }),
    evidence: () => ({have: 1, need: 1, what: 'comparisons'}),
    judge: seen => [judgeServers(seen)],
  },
}

function judgeObserved(place: PlaceSeen): Check {
  const name = 'observed'
  const fault = faultOf(place)
  const told = place.views.map(({view, refused, order, fault: broken}) => {
    const what = refused ?? (broken === undefined ? `${order.length} tools` : broken)
    return `${view}: ${what}`
  })
  const evidence = [...told, ...place.notSpoken.map(({era, why}) => `${era} is not spoken: ${why}`)].join('\n')
  if (fault !== undefined)
    return {
      name,
      verdict: fault.includes('still changes') ? 'inconclusive' : 'fail',
      detail: `its contract cannot be told: ${fault}`,
      remedy: 'fix what the server lists: a client meets the same',
      evidence,
    }
  const surfaces = Object.keys(place.contract?.surfaces ?? {}).length
  return {
    name,
    verdict: 'pass',
    detail: `${place.views.length} kinds of clients were told ${surfaces === 1 ? 'the same' : `${surfaces} different contracts`} in ${place.ms} ms; contract ${shortDigest(place.contract?.digest ?? '')}`,
    value: place.views.length,
    unit: 'views',
    evidence,
  }
}

function judgeContract({place, own, earlier, ofEarlier}: ContractSeen): Check[] {
  const {contract: observed} = place
  if (observed === undefined) {
    const detail = 'its contract cannot be told, so there is nothing to compare'
    return [
      {name: 'as-recorded', verdict: 'inconclusive', detail},
      {name: 'compatible', verdict: 'inconclusive', detail},
      {name: 'understood', verdict: 'inconclusive', detail},
    ]
  }
  const recorded = judgeRecorded(own, observed)
  if (earlier.release === undefined) return [recorded, ...notCompared(earlier.why)]
  const against = {observed, ofEarlier, title: `${earlier.which}, ${shortDigest(earlier.release)}`}
  if (ofEarlier.state === 'none') {
    const isNew = !earlier.servers.includes(observed.server)
    const detail = isNew
      ? `the server is new: ${against.title} does not have it`
      : `nothing is on record of its contract in ${against.title}`
    return [recorded, ...notCompared(detail)]
  }
  return [recorded, judgeCompatible(against), judgeUnderstood(against), judgeSteering(against)].flat()
}

function notCompared(detail: string): Check[] {
  return [
    {name: 'compatible', verdict: 'skip', detail},
    {name: 'understood', verdict: 'skip', detail},
  ]
}

/** A server that is gone breaks all its clients, and no server is left that could say so. */
function judgeServers({earlier, servers}: ServersSeen): Check {
  const name = 'servers-kept'
  if (earlier.release === undefined) return {name, verdict: 'skip', detail: earlier.why}
  const gone = earlier.servers.filter(server => !servers.includes(server))
  const title = `${earlier.which}, ${shortDigest(earlier.release)}`
  if (gone.length === 0)
    return {name, verdict: 'pass', detail: `all ${earlier.servers.length} servers of ${title} are there`}
  return {
    name,
    verdict: 'fail',
    detail: `gone since ${title}: ${gone.join(', ')}`,
    value: gone.length,
    limit: 0,
    unit: 'gone',
    remedy: 'if its clients know, accept contract/servers-kept in the fleet file with a reason and a day',
  }
}
