// How the local target asks the programs of an extra copy for the memory that is live, garbage left out.
import {join} from 'node:path'
import {serverOf} from '../../lib/target/instance.ts'
import type {LiveMemory} from '../../lib/target/target.ts'
import {script} from './scripts.ts'

const deadlineMs = 20_000

/** Node programs can be asked; others, and those that do not hand their environment on, stay silent. */
export const tellMemory: LiveMemory = {
  files: instance => [{path: preload(instance.folder), text: script('tell-memory.mjs'), mode: 0o600}],

  environment: (instance, server) => {
    const own = serverOf(instance, server).environment.NODE_OPTIONS
    return {NODE_OPTIONS: [own, `--import="${preload(instance.folder)}"`].filter(Boolean).join(' ')}
  },

  command: (instance, server) => ({
    why: `ask a copy of ${server} for its live memory`,
    argv: ['sh', '-c', script('ask-memory.sh'), 'ask-memory.sh', instance.folder],
    readOnly: true,
    deadlineMs,
  }),

  read: output =>
    output
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const [pid, liveBytes, residentBytes] = line.split(' ').map(Number) as [number, number, number]
        return {pid, liveBytes, residentBytes}
      }),
}

function preload(folder: string): string {
  return join(folder, 'tell-memory.mjs')
}
