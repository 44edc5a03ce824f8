// A server offers the same to every client of one kind: on each connection, on each copy, through the ingress, in each era.

import {entriesOf} from '../lib/journal/facts.ts'
import {type InstanceServer, isRehearsal} from '../lib/target/instance.ts'
import {
  judgeEras,
  judgeOrder,
  judgePerConnection,
  judgePerCopy,
  judgeProfiles,
  judgeThroughIngress,
} from './consistencyChecks.ts'
import {judgeRollout, type RolloutSeen} from './consistencyRollout.ts'
import type {ConsistencySeen} from './consistencySeen.ts'
import {besideRecord, faultOf, type PlaceSeen, recallPlace, seePlace} from './contractSeen.ts'
import type {Phase, PhaseContext} from './phase.ts'

export const consistency: Phase<ConsistencySeen> = {
  name: 'consistency',
  title: 'Every connection, instance and protocol version of a server offers the same tools',
  deadlineMs: settings =>
    (settings?.client.timeoutMs ?? 5000) * 10 + ((settings?.limits.startupSeconds ?? 30) + 10) * 1000,

  server: {
    observe: async (context, server) => {
      const first = recallPlace(context, server) ?? (await seePlace(context, server, server.endpoint))
      const [again, ingress, other] = await Promise.all([
        seePlace(context, server, server.endpoint),
        seePlace(context, server, server.through),
        seeOther(context, server),
      ])
      const slim = (place: PlaceSeen) => withoutEqual(place, first)
      return {
        first,
        again: slim(again),
        ingress: slim(ingress),
        other: 'place' in other ? {place: slim(other.place)} : other,
        rollout: await seeRollout(context, server, first),
      }
    },
    evidence: ({first}) => ({have: first.views.length + first.notSpoken.length, need: 1, what: 'answers'}),
    judge: seen => {
      const fault = faultOf(seen.first)
      if (fault !== undefined)
        return [
          {
            name: 'comparable',
            verdict: 'inconclusive',
            detail: `its contract cannot be told: ${fault}`,
            remedy: 'see contract/observed',
          },
        ]
      return [
        judgePerConnection(seen),
        judgePerCopy(seen),
        judgeThroughIngress(seen),
        judgeOrder(seen),
        judgeEras(seen.first),
        judgeProfiles(seen.first),
        judgeRollout(seen.rollout),
      ]
    },
  },
}

// A server whose state one copy alone may write never has two; live is not ours to burden.
async function seeOther(context: PhaseContext, server: InstanceServer): Promise<ConsistencySeen['other']> {
  if (!isRehearsal(context.instance)) return {none: 'a second copy is started on a rehearsal only'}
  if (server.settings.cutover === 'recreate') return {none: 'it never has two copies at once: cutover is recreate'}
  await using copy = await context.startCopy(server, {signal: context.signal})
  if (!copy.ready) return {unready: copy.detail}
  return {place: await seePlace(context, copy, copy.endpoint)}
}

/** The journal need not keep the same contract four times; its digest stays comparable by being absent. */
function withoutEqual(place: PlaceSeen, first: PlaceSeen): PlaceSeen {
  const same = place.contract !== undefined && place.contract.digest === first.contract?.digest
  return same ? {...place, contract: undefined, sameAsFirst: true} : place
}

async function seeRollout(
  {entries, instance, contracts}: PhaseContext,
  server: InstanceServer,
  first: PlaceSeen,
): Promise<RolloutSeen> {
  const changed = entriesOf(entries(), 'check').findLast(
    ({check, server: name, verdict}) => check === 'deploy/ready' && name === server.name && verdict === 'pass',
  )
  return {
    rehearsal: isRehearsal(instance),
    switchedAt: changed?.at,
    seenAt: first.at,
    cutover: server.settings.cutover,
    drainSeconds: server.settings.limits.drainSeconds,
    earlier: besideRecord(await contracts.ofEarlier(server.name), first.contract, server.name).state,
  }
}
