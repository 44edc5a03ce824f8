// Reads how long known clients and proxies wait, from templates/clients.yaml, which users edit.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'
import {UserError} from '../../lib/errors/userError.ts'
import {z} from '../../lib/saved/zod.ts'

const table = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      startMs: z.number().positive().optional(),
      requestMs: z.number().positive().optional(),
      set: z.string().min(1),
      source: z.string().min(1),
    }),
  )
  .min(1)

/** How long one client or proxy waits; what it does not bound is absent. */
export interface Patience {
  name: string
  /** Until a server that is just starting must answer. */
  startMs?: number
  /** For one request. */
  requestMs?: number
}

const ours = fileURLToPath(new URL('../../../templates/clients.yaml', import.meta.url))

/** Throws a `UserError` with the place of the first fault. */
export function clientTable(path = ours): (Patience & {set: string; source: string})[] {
  const read = table.safeParse(parse(readFileSync(path, 'utf8')))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UserError(
    `${path}: ${issue?.path.join('.')}: ${issue?.message}`,
    'see the sentences at the top of that file',
  )
}
