// Checks what restore.json says: its shape, and that each move is between the places that a restore of this root uses.
import {isAbsolute, posix, relative} from 'node:path'
import {name} from '../fleet/name.ts'
import {shortDigest} from '../release/release.ts'
import {shown} from '../saved/fault.ts'
import {z} from '../saved/zod.ts'
import {placesOf, restoreFolder, stateBelow} from './restorePlaces.ts'
import {areStatePaths} from './statePaths.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'should be 64 hexadecimal digits')
const count = z.int().min(0)
const path = z.string().refine(isAbsolute, 'should be an absolute path')

export const restoreShape = z.strictObject({
  file: path,
  sha256,
  bytes: count,
  fleet: name,
  environment: name,
  release: sha256,
  at: z.string(),
  folder: path,
  moves: z.array(
    z.strictObject({
      part: z.enum(['pointer', 'records', 'instance', 'code', 'state']),
      server: name.optional(),
      target: path,
      staged: path.optional(),
      previous: path.optional(),
    }),
  ),
  servers: z.array(z.strictObject({server: name, added: count, removed: count, changed: count})),
  notes: z.array(z.string()),
})

type Shaped = z.output<typeof restoreShape>

/** What is wrong with where it moves things, a sentence part. */
export function misplacedMove({folder, moves, release}: Shaped, root: string): string | undefined {
  const own = restoreFolder(root)
  if (folder !== own) return `but folder should be ${own}, got ${shown(folder)}`
  for (const [index, move] of moves.entries()) {
    const below = relative(root, move.target)
    const is = (key: string, value: string | undefined) => `but moves.${index}.${key} ${shown(value)}`
    if (!isPlaceOf(move, below, release)) return `${is('target', move.target)} is no place of its part ${move.part}`
    const {target, staged, previous} = placesOf(root, below)
    if (move.target !== target) return `${is('target', move.target)} should be ${target}`
    if (move.staged !== undefined && move.staged !== staged) return `${is('staged', move.staged)} should be ${staged}`
    if (move.previous !== undefined && move.previous !== previous)
      return `${is('previous', move.previous)} should be ${previous}`
  }
  return undefined
}

/** Whether a path below the root is one that moves of that part have. */
function isPlaceOf({part, server}: Shaped['moves'][number], below: string, release: string): boolean {
  if (below.split('/').includes('..') || (part === 'state') !== (server !== undefined)) return false
  switch (part) {
    case 'pointer':
      return below === 'live.json'
    case 'records':
      return /^records\/[0-9a-f]{64}(\.json|\/.+)$/.test(below)
    case 'instance':
      return ['instance.json', 'ingress/routes.json'].some(file => below === `instances/live/${file}`)
    case 'code':
      return below === `releases/${shortDigest(release)}`
    case 'state':
      return areStatePaths([posix.relative(stateBelow(server ?? ''), below) || '.'])
  }
}
