// Opens many sessions, a few at a time, so that the witness itself is no burst of load.
import {mapConcurrent} from '../async/mapConcurrent.ts'
import type {LegacySession} from './legacySession.ts'

const atOnce = 8

/** Returns when every session was tried; each tells itself whether it is open. */
export async function openSessions(sessions: readonly LegacySession[]): Promise<void> {
  await mapConcurrent(sessions, atOnce, session => session.open())
}
