// Ends the HTTP server: takes nothing new, lets calls in flight finish up to a deadline, then cuts what is left.
import type {Server} from 'node:http'
import type {Table} from './table.ts'

/** Stops. Streams have no end of their own, so they are cut as soon as no call is in flight. */
export async function stopServer(server: Server, table: Table, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  const giveUpAt = performance.now() + deadlineMs
  while (busy(table) && performance.now() < giveUpAt) await pause(10)
  // Answers that are written but not yet flushed to their clients still count as connections in use.
  server.closeIdleConnections()
  const flushed = await Promise.race([closed.then(() => true), pause(100).then(() => false)])
  if (!flushed) server.closeAllConnections()
  await closed
}

function busy(table: Table): boolean {
  for (const {copies, hold} of table.values()) {
    if (hold.held() > 0 || copies.some(copy => copy.inFlight > 0)) return true
  }
  return false
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
