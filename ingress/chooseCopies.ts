// Decides which copy of a server a request goes to: sessions stay with the copy that minted them, the rest go to the active one.
import type {CopyState} from './routes.ts'

/** What the choice depends on. */
export type Choosable<Copy> = {
  copies: readonly Copy[]
  cutover: 'blue-green' | 'recreate'
  /** True while requests may wait for a copy to become active. */
  holds: boolean
}

/**
 * `send`: to the first copy; the others are asked only where an earlier one does not know the session. `gone`: the
 * session ended with its copy, so 404 makes a conforming client start over. `none`: nothing can take it now.
 */
export type Choice<Copy> = {kind: 'send'; copies: Copy[]} | {kind: 'hold'} | {kind: 'gone'} | {kind: 'none'}

/**
 * Chooses. `session` tells whether the request names a session and, if the ingress knows it, `owner` the copy that
 * minted it. `passesHold`: the request must not wait, because a call that is still running depends on it.
 */
export function chooseCopies<Copy extends {state: CopyState}>(
  server: Choosable<Copy>,
  session: {named: boolean; owner?: Copy},
  passesHold: () => boolean,
): Choice<Copy> {
  const active = server.copies.find(copy => copy.state === 'active')
  const holding = server.holds && active === undefined
  const {owner} = session
  if (owner !== undefined) {
    if (owner.state === 'ended') return {kind: 'gone'}
    // A single writer must fall silent before the next one starts, so its sessions wait too; only what lets a call
    // that is already running come to its end goes through.
    const silenced = holding && server.cutover === 'recreate' && owner.state === 'draining'
    return silenced && !passesHold() ? {kind: 'hold'} : {kind: 'send', copies: [owner]}
  }
  if (holding) return {kind: 'hold'}
  const copies = active === undefined ? [] : [active]
  // A named session that is unknown here was minted before this process started: each copy that may know it is asked.
  if (session.named) copies.push(...server.copies.filter(copy => copy.state === 'draining'))
  return copies.length > 0 ? {kind: 'send', copies} : {kind: 'none'}
}
