// How the local target looks into one copy of a rehearsal and disturbs it: by signals and limits of its processes.
import {serverOf} from '../../lib/target/instance.ts'
import type {CopyProcess, Disturbance} from '../../lib/target/target.ts'
import {script} from './scripts.ts'
import {tellMemory} from './tellMemory.ts'

const quickMs = 10_000

export const disturb: Disturbance = {
  processes: {
    command: (instance, server) => ({
      why: `look at the processes of a copy of ${server}`,
      argv: ['sh', '-c', script('processes.sh'), 'processes.sh', serverOf(instance, server).folder],
      readOnly: true,
      deadlineMs: quickMs,
    }),
    read: output =>
      output
        .split('\n')
        .filter(line => line !== '')
        .map(readProcess),
  },

  // What has ended since it was looked at needs no end any more; what is to be stopped has to be there.
  signal: (processes, signal, why) => ({
    why,
    argv: [
      'sh',
      '-c',
      `for pid; do kill -s "$0" "$pid" ${signal === 'KILL' ? '|| ! kill -0 "$pid" 2>/dev/null ' : ''}|| exit 1; done`,
      signal,
      ...processes.map(({pid}) => String(pid)),
    ],
    readOnly: false,
    deadlineMs: quickMs,
  }),

  // The soft limit alone, which may be raised again. Node answers a write over it with EFBIG, where a full disk gives ENOSPC.
  fullDisk: (processes, full) => ({
    why: full ? 'let the files of a copy not grow any more' : 'let the files of a copy grow again',
    argv: [
      'sh',
      '-c',
      'for pid; do prlimit --pid "$pid" --fsize="$0": || exit 1; done',
      full ? '0' : 'unlimited',
      ...processes.map(({pid}) => String(pid)),
    ],
    readOnly: false,
    deadlineMs: quickMs,
  }),

  memory: tellMemory,
}

function readProcess(line: string): CopyProcess {
  const [pid, role, state = '', kibibytes] = line.split(' ')
  return {
    pid: Number(pid),
    role: role as CopyProcess['role'],
    stopped: /^[Tt]/.test(state),
    residentKilobytes: Number(kibibytes),
  }
}
