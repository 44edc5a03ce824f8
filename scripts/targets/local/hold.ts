// How the local target holds all processes of a server still for a bounded time, and lets them go on.
import {join} from 'node:path'
import {type Instance, serverOf} from '../../lib/target/instance.ts'
import type {Target} from '../../lib/target/target.ts'
import {script} from './scripts.ts'

const quickMs = 10_000

export const hold: NonNullable<Target['hold']> = {
  begin: (instance, server, seconds) => ({
    why: `hold ${server} still for ${seconds} s at most, to copy its state`,
    argv: [
      'sh',
      '-c',
      script('hold.sh'),
      'hold.sh',
      holdFile(instance, server),
      String(seconds),
      // Every copy of it writes to the same state, also one on standby. Names of servers hold no dot.
      join(instance.folder, 'copies', `${server}.`),
    ],
    readOnly: false,
    deadlineMs: quickMs,
    background: {
      folder: instance.folder,
      environment: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: instance.folder},
      secrets: [],
    },
  }),

  end: (instance, server) => ({
    why: `let ${server} go on`,
    always: true,
    argv: ['sh', '-c', script('let-go.sh'), 'let-go.sh', holdFile(instance, server)],
    readOnly: false,
    deadlineMs: quickMs,
  }),
}

function holdFile(instance: Instance, server: string): string {
  return join(instance.folder, `held.${serverOf(instance, server).name}`)
}
