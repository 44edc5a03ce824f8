// What a server may take, and how long it may need: `limits:` of a server, and of all servers of an environment.
import {z} from '../saved/zod.ts'

export const limits = z.strictObject({
  startupSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(30)
    .describe('Until the server must answer on the health ladder.'),
  stopSeconds: z.number().min(0).max(86_400).default(5).describe('Between SIGTERM and SIGKILL.'),
  drainSeconds: z
    .number()
    .min(0)
    .default(30)
    .describe('For how long a copy that is replaced keeps its calls and sessions.'),
  standbySeconds: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'For how long a `blue-green` copy of live that was replaced goes on without traffic after that, so that a rollback finds it running.',
    ),
  steadySeconds: z.number().min(0).default(2).describe('For how long it must stay healthy without a restart.'),
  healthMs: z.number().positive().default(5000).describe('The longest that one climb of the health ladder may take.'),
  healthIntervalMs: z
    .int()
    .min(10)
    .default(250)
    .describe('Pause between two climbs while it is watched for steadiness.'),
  memoryMegabytes: z
    .number()
    .positive()
    .max(16_777_216)
    .optional()
    .describe('Largest resident memory of the process and its children; above it, it is started again.'),
  logMegabytes: z
    .int()
    .positive()
    .default(50)
    .describe('Largest log of one instance: above it, it is rotated. More than that within an hour is a failure.'),
  logFiles: z.int().min(0).default(3).describe('How many rotated logs of an instance are kept beside its log.'),
  responseBytes: z.int().positive().default(10_485_760).describe('Largest response that is read.'),
  leakKilobytesPerSession: z
    .number()
    .positive()
    .default(10)
    .describe('The most that a session may take for good, abandoned or ended: live memory in KiB.'),
  leakSeconds: z
    .number()
    .positive()
    .default(15)
    .describe('For how long a rehearsal measures that at the most; it ends as soon as it is decided.'),
  staleHours: z.int().min(0).default(24).describe('How long clients keep an old list, whatever ttlMs says.'),
  openFiles: z.int().positive().default(4096).describe('Open files of the process.'),
})
