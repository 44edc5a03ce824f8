// What the records of an environment read back: the live pointer, and what is known of each release.

import {verdicts} from '../errors/verdict.ts'
import {acceptance, environment, fleetFile, server} from '../fleet/schema.ts'
import {digest, line, runName, serverName} from '../saved/parts.ts'
import {z} from '../saved/zod.ts'

export const pointerShape = z.looseObject({
  release: digest,
  since: line,
  run: runName,
  rolledBackFrom: digest.optional(),
})

/** Of a server as a fleet file declared it, every default filled in. */
export const settingsShape = server.extend({name: serverName})

// What an earlier version did not know has its default.
const fleetShape = z.looseObject({
  name: line,
  environment: line,
  target: line,
  folder: z.string(),
  root: z.string(),
  ingress: environment.shape.ingress,
  rollout: environment.shape.rollout,
  retention: environment.shape.retention,
  encryption: environment.shape.encryption,
  notify: environment.shape.notify,
  servers: z.array(settingsShape),
  accept: z.array(acceptance).default([]),
  contacts: fleetFile.shape.contacts,
})

const event = z.looseObject({run: runName, at: line})

export const recordShape = z.looseObject({
  release: digest,
  fleet: line,
  servers: z.record(z.string(), line),
  placedAt: line,
  rehearsals: z.array(z.looseObject({run: runName, at: line, verdict: z.enum(verdicts), ms: z.number()})),
  contracts: z.record(z.string(), line).optional(),
  deployed: event.extend({fleet: fleetShape, override: z.string().optional()}).optional(),
  rolledBack: event.extend({failed: z.boolean().optional(), reason: z.string().optional()}).optional(),
  verified: event.extend({order: z.number().optional()}).optional(),
})
