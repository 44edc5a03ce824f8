// Frees the lock of an environment whose run is dead or hangs: `pnpm unlock`. It shows the holder, and refuses while that lives.

import {UserError} from './lib/errors/userError.ts'
import {newRunName} from './lib/journal/runFolder.ts'
import {acquireLock} from './lib/lock/acquireLock.ts'
import {readLock, told} from './lib/lock/holder.ts'
import {stateOf} from './lib/lock/holderState.ts'
import {keepLease} from './lib/lock/lease.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

const about = 'pnpm unlock: shows who holds the lock of the environment, and frees it unless its run lives.'

await looking({about, targets: targetNames, phases: phaseNames}, async ({fleet, signal, say}) => {
  const {root, environment} = fleet
  const held = readLock(root)
  if (held === undefined) {
    say(`nothing holds the lock of ${environment}`)
    return undefined
  }
  const {state, heardMs} = stateOf(root, held, new Date())
  const heard = heardMs === undefined ? 'none' : new Date(heardMs).toISOString()
  say(`  ${told(held)}; last heartbeat ${heard}`)
  if (state === 'working' || state === 'ending')
    throw new UserError(
      `the lock of ${environment} is not freed: its run lives`,
      `wait for it to end, or end process ${held.pid} on ${held.host}, then: pnpm unlock`,
    )
  // By the way of every takeover, so that what the holder would still write fails.
  const run = newRunName(environment, new Date())
  const {holder, takenOver} = await acquireLock({
    root,
    run,
    purpose: 'free the lock',
    pid: process.pid,
    waitMs: 0,
    signal,
    say,
  })
  keepLease(root, holder).release()
  say(`✓ the lock of ${environment} is free: ${takenOver?.because ?? 'its holder had ended'}`)
  say('  → pnpm resume, if it left a change unfinished: pnpm status says so')
  return undefined
})
