// A contract as a file: canonical, one line a value, so that a pull request shows what changed; edits by hand are found.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {z} from '../saved/zod.ts'
import {canonicalJson} from '../text/canonicalJson.ts'
import {type Contract, contractDigest, contractFormat, refused} from './contract.ts'

/** Beside the fleet file, and in a release. */
const contractsFolder = 'contracts'

const shape = z.object({
  format: z.literal(contractFormat),
  server: z.string(),
  digest: z.string(),
  views: z.record(z.string(), z.string()),
  surfaces: z.record(z.string(), z.looseObject({})),
})

export function contractPath(folder: string, server: string): string {
  return join(folder, contractsFolder, `${server}.json`)
}

export function contractText(contract: Contract): string {
  const {format, server, digest, views, surfaces} = contract
  const canonical = <Value>(value: Value) => JSON.parse(canonicalJson(value)) as Value
  const content = {format, server, digest, views: canonical(views), surfaces: canonical(surfaces)}
  return `${JSON.stringify(content, null, 2)}\n`
}

/** Undefined when there is no such file. Throws a `UserError` when it is not as `pnpm contracts` wrote it. */
export function readContract(path: string, server: string): Contract | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return parseContract(text, path, server)
}

/** `place` is what messages call it. Throws a `UserError`. */
export function parseContract(text: string, place: string, server: string): Contract {
  const value = parsed(text, place)
  const {success, data, error} = shape.safeParse(value)
  if (!success) {
    const [issue] = error.issues
    throw new UserError(`${place}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, rewrite)
  }
  const contract = data as unknown as Contract
  if (contract.server !== server)
    throw new UserError(`${place}: should be the contract of ${server}, is that of ${contract.server}`, rewrite)
  const nameless = Object.entries(contract.views).find(
    ([, name]) => name !== refused && !Object.hasOwn(contract.surfaces, name),
  )
  if (nameless !== undefined)
    throw new UserError(
      `${place}: view "${nameless[0]}" names the surface "${nameless[1]}", which is not there`,
      rewrite,
    )
  const digest = contractDigest(contract)
  if (digest !== contract.digest)
    throw new UserError(
      `${place}: was edited by hand: its content should have the digest ${contract.digest.slice(0, 12)}, it has ${digest.slice(0, 12)}`,
      rewrite,
    )
  return contract
}

const rewrite = 'write it from what the server tells of itself: pnpm contracts'

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UserError(`${place}: should be JSON, and is not: ${text.slice(0, 40)}`, rewrite, {cause})
  }
}
