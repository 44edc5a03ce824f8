// Looks until nothing is left of what was ended: a killed process may be seen for a moment still, and its port for another.
import {setTimeout as pause} from 'node:timers/promises'

const withinMs = 2000
const pauseMs = 20

/** What `look` still sees after 2 s; nothing as soon as it sees nothing. */
export async function lasting<One>(look: () => One[] | Promise<One[]>): Promise<One[]> {
  const deadlineAt = performance.now() + withinMs
  let seen = await look()
  while (seen.length > 0 && performance.now() < deadlineAt) {
    await pause(pauseMs)
    seen = await look()
  }
  return seen
}
