// Keeps that an environment was stopped on purpose: by whom and when, until something of it is started again.
import {hostname, userInfo} from 'node:os'
import type {Documents} from '../records/documents.ts'
import {readDocument} from '../records/readDocument.ts'
import {z} from '../saved/zod.ts'
import {instanceKey} from './savedInstance.ts'

export type Stopped = z.infer<typeof stoppedShape>

// They are printed as they are.
const printable = z.string().regex(/^[\x20-\x7e]{1,200}$/)
const stoppedShape = z.strictObject({
  at: z.iso.datetime(),
  run: printable,
  /** `user@host` */
  by: printable,
})

/** `folder` is that of the instance. Undefined when it was not stopped. Rejects with a `UserError` for a damaged document. */
export function readStopped(
  documents: Pick<Documents, 'read' | 'place' | 'removal'>,
  folder: string,
): Promise<Stopped | undefined> {
  const key = stoppedKey(folder)
  return readDocument<Stopped>(documents, key, {
    what: 'who stopped this environment',
    shape: stoppedShape,
    remedy: `${documents.removal(key)}; then pnpm resume starts what does not run`,
  })
}

export function saveStopped(
  {write}: Pick<Documents, 'write'>,
  folder: string,
  {at, run}: {at: Date; run: string},
): Promise<void> {
  const by = `${userInfo().username}@${hostname()}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
  const stopped: Stopped = {at: at.toISOString(), run, by}
  return write(stoppedKey(folder), `${JSON.stringify(stopped, null, 1)}\n`)
}

/** Something of it is started, so it is stopped no more. */
export function forgetStopped({remove}: Pick<Documents, 'remove'>, folder: string): Promise<void> {
  return remove(stoppedKey(folder))
}

/** `stopped at … by user@host (run …)` */
export function stoppedBy({at, by, run}: Stopped): string {
  return `stopped at ${at} by ${by} (run ${run})`
}

function stoppedKey(folder: string): string {
  return instanceKey(folder, 'stopped.json')
}
