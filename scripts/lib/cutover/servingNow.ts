// Says in words where requests go at a point of a change, for messages that someone reads at three in the morning.
import {shortDigest} from '../release/release.ts'
import {copyIn, type Transition} from './transition.ts'

/** Such as `3f9a12345678: memory, files; 7787ee9ae22d: weather; held: github`. */
export function servingNow({from, to, changes, stages}: Transition): string {
  const releaseOf = (server: string): string | undefined => {
    const stage = stages[server] ?? 'settled'
    if (stage === 'held') return 'held until its copy is there'
    const side = stage === 'waiting' ? from : to
    return side === undefined || copyIn(side, server) === undefined ? undefined : shortDigest(side.release)
  }
  const names = new Set([...((to ?? from)?.servers.map(({name}) => name) ?? []), ...changes.map(({server}) => server)])
  const pairs = [...names].flatMap(server => {
    const release = releaseOf(server)
    return release === undefined ? [] : [{server, release}]
  })
  const groups = [...Map.groupBy(pairs, pair => pair.release)]
  if (groups.length === 0) return 'nothing'
  return groups.map(([release, found]) => `${release}: ${found.map(one => one.server).join(', ')}`).join('; ')
}
