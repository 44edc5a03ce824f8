// Keeps that an environment was stopped on purpose: by whom and when, until something of it is started again.
import {hostname, userInfo} from 'node:os'
import {join} from 'node:path'
import type {Changes} from '../changes.ts'
import {readJson} from '../readJson.ts'
import {z} from '../zod.ts'

export type Stopped = z.infer<typeof stoppedShape>

// They are printed as they are.
const printable = z.string().regex(/^[\x20-\x7e]{1,200}$/)
const stoppedShape = z.strictObject({
  at: z.iso.datetime(),
  run: printable,
  /** `user@host` */
  by: printable,
})

/** `folder` is that of the instance. Undefined when it was not stopped. Throws a `UserError` for a damaged file. */
export function readStopped(folder: string): Stopped | undefined {
  return readJson<Stopped>({
    path: stoppedPath(folder),
    what: 'who stopped this environment',
    shape: stoppedShape,
    remedy: `rm ${stoppedPath(folder)}; then pnpm resume starts what does not run`,
  })
}

export function saveStopped(folder: string, {at, run}: {at: Date; run: string}, {write}: Changes): void {
  const by = `${userInfo().username}@${hostname()}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
  const stopped: Stopped = {at: at.toISOString(), run, by}
  write(stoppedPath(folder), `${JSON.stringify(stopped, null, 1)}\n`)
}

/** Something of it is started, so it is stopped no more. */
export function forgetStopped(folder: string, {remove}: Changes): void {
  remove(stoppedPath(folder))
}

/** `stopped at … by user@host (run …)` */
export function stoppedBy({at, by, run}: Stopped): string {
  return `stopped at ${at} by ${by} (run ${run})`
}

function stoppedPath(folder: string): string {
  return join(folder, 'stopped.json')
}
