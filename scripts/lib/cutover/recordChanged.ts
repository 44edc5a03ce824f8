// Records how the change of a server went; for one that did not come up with the last lines of its log.

import type {Verdict} from '../errors/verdict.ts'
import type {EntryBody} from '../journal/entry.ts'
import type {Instance} from '../target/instance.ts'
import {lastLines, logEnd} from '../target/lastLines.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import type {Changed} from './changeServer.ts'

export interface RecordChanged {
  instance: Instance
  target: Target
  shell: Shell
  record: (entry: EntryBody) => void
  /** Why this machine is too busy for a deadline to say anything of a server. */
  busy?: string | undefined
}

export async function recordChanged(
  {server, ready, tolerated, ms, detail, hampered}: Changed,
  {instance, target, shell, record, busy}: RecordChanged,
): Promise<Verdict> {
  const limits = instance.servers.find(candidate => candidate.name === server)?.settings.limits
  const check = {
    type: 'check',
    phase: 'deploy',
    check: 'deploy/ready',
    server,
    value: ms,
    limit: (limits?.startupSeconds ?? 0) * 1000,
    unit: 'ms',
  } as const
  if (ready) {
    record({...check, verdict: 'pass', detail: `ready after ${ms} ms: ${detail}`})
    return 'pass'
  }
  const log = await lastLines(server, {instance, target, shell})
  const said = logEnd(log)
  // Within the budget it does not decide, but it is told: the server is not what the release asks for.
  const isOurs = busy !== undefined && hampered === true
  const verdict = tolerated ? 'skip' : isOurs ? 'inconclusive' : 'fail'
  record({
    ...check,
    verdict,
    detail: `${isOurs ? `${busy}: ` : ''}${tolerated ? 'stays on its old copy, within the failure budget: ' : ''}${detail}${said}`,
    evidence: [log.firstError, log.end].join('\n').trim(),
    remedy: isOurs
      ? 'run it again when less runs on this machine'
      : 'start it by hand with the command in the fleet file, and read what it says',
  })
  return verdict
}
