// What fleets, servers and environments may be called: each name is also that of a folder, a unit and a part of a URL.
import {z} from '../saved/zod.ts'

export const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'should be lower-case letters, digits and hyphens, at most 40, beginning with a letter',
  )
