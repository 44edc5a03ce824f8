// What a release says of itself when it is read back.
import {z} from '../saved/zod.ts'

const sha256 = z.looseObject({sha256: z.string()})
const tree = z.looseObject({origin: z.string(), version: z.string(), digest: z.string()})

export const releaseShape = z.looseObject({
  schema: z.number(),
  digest: z.string(),
  fleet: z.string(),
  raw: z.unknown(),
  runtime: z.looseObject({node: z.string(), platform: z.string(), sha256: z.string()}),
  ingress: sha256,
  preload: sha256,
  sbom: sha256,
  bridges: z.record(z.string(), tree),
  servers: z.record(z.string(), tree.extend({argv: z.array(z.string())})),
  secretNames: z.array(z.string()),
  contracts: z.record(z.string(), z.looseObject({sha256: z.string(), digest: z.string()})),
})
