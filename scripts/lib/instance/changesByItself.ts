// Which servers write to their state without being called: seen when nothing of a rehearsal exists any more.
import {setTimeout as pause} from 'node:timers/promises'
import {type Listed, listState} from '../state/listState.ts'
import type {InstanceServer} from '../target/instance.ts'

export interface ChangesByItself {
  servers: readonly Pick<InstanceServer, 'name' | 'state'>[]
  /** How long to wait for a change, at the most; less when all of them changed. */
  withinMs?: number
  signal: AbortSignal
}

const usualWithinMs = 5000
const everyMs = 100

/** Names of those whose files changed within that time. */
export async function changesByItself({servers, withinMs = usualWithinMs, signal}: ChangesByItself): Promise<string[]> {
  const before = new Map(servers.map(({name, state}) => [name, identity(state)]))
  const changed = new Set<string>()
  const endsAt = performance.now() + withinMs
  while (changed.size < servers.length && performance.now() < endsAt) {
    await pause(everyMs, undefined, {signal})
    for (const {name, state} of servers) if (identity(state) !== before.get(name)) changed.add(name)
  }
  return [...changed]
}

function identity(folder: string): string {
  const shown = (one: Listed) => [one.path, one.kind, one.identity]
  return JSON.stringify(listState(folder, ['.']).map(shown).toSorted())
}
