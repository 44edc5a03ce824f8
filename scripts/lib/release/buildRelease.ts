// Builds every server of a fleet into one immutable release, addressed by its content.
import {hash} from 'node:crypto'
import {join} from 'node:path'
import {contractPath, contractText, readContract} from '../contract/contractFile.ts'
import {tokenVariable} from '../fleet/place.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {secretNames as namesOfSecrets} from '../fleet/secretNames.ts'
import {serverArgv} from './argv.ts'
import {type Artifact, makeArtifact} from './artifact.ts'
import {assembleRelease} from './assembleRelease.ts'
import {bundle} from './bundle.ts'
import {type RunCommand, runCommand} from './npm.ts'
import {packageSpec} from './packageSpec.ts'
import {planArtifacts} from './planArtifacts.ts'
import {type Release, type ReleasedServer, type ReleasedTree, releaseDigest, releaseSchema} from './release.ts'
import {ownRuntime} from './runtime.ts'
import {sbom} from './sbom.ts'
import {stopOnFailure} from './stopOnFailure.ts'

export interface BuildRelease {
  fleet: Pick<Fleet, 'name' | 'folder' | 'servers'>
  /** The fleet file before variables were filled in. */
  raw: unknown
  /** Folder for artifacts and releases, such as `.build` beside the fleet file. */
  buildRoot: string
  signal: AbortSignal
  /** Leaves out the contracts beside the fleet file, which may be at fault. */
  withoutContracts?: boolean
  /** What npm and build commands see of the environment; the fleet's secrets are taken out of it. */
  environment?: Readonly<Record<string, string | undefined>>
  run?: RunCommand
  /** Path of the ingress program. */
  ingress?: string
}

export interface BuiltRelease {
  release: Release
  /** The release's folder. */
  path: string
  /** Keys of the trees that were built now, and of those that had been built before. */
  built: string[]
  reused: string[]
}

/** Throws a `UserError`, or the reason of `signal`; in both cases nothing half-made stays. */
export async function buildRelease(options: BuildRelease): Promise<BuiltRelease> {
  const {fleet, raw, buildRoot, signal, run = runCommand, ingress = ownIngress} = options
  const secretNames = [...new Set(fleet.servers.flatMap(server => Object.keys(server.secrets)))].sort()
  // Build commands are of others: they get no secret of ours, the token for GitHub least of all.
  const withheld = [...secretNames, ...namesOfSecrets(raw), tokenVariable]
  const environment = without(options.environment ?? process.env, withheld)
  // Before anything is built: a contract that was edited by hand is a fault of the checkout.
  const contracts = options.withoutContracts ? new Map<string, Committed>() : committedContracts(fleet)
  const plans = await planArtifacts({fleet, environment, run, signal})
  const made = await stopOnFailure(plans, signal, (plan, stop) =>
    makeArtifact(join(buildRoot, 'artifacts'), plan, stop),
  )
  const artifacts = new Map(made.map(({artifact}) => [artifact.key, artifact]))
  const parts = fleet.servers.map(server => ({server, ...partsOf(server, artifacts)}))

  const runtime = await ownRuntime(buildRoot, signal)
  const [ingressText, preloadText] = await Promise.all([
    bundle(ingress, join(buildRoot, 'bundles')),
    bundle(ownPreload, join(buildRoot, 'bundles')),
  ])
  const servers = Object.fromEntries(parts.map(({server, artifact, bridge}) => [server.name, {artifact, bridge}]))
  const sbomText = `${JSON.stringify(sbom({fleet: fleet.name, runtime, servers}), null, 1)}\n`
  const content = {
    schema: releaseSchema,
    fleet: fleet.name,
    raw,
    runtime,
    ingress: {sha256: hash('sha256', ingressText, 'hex')},
    preload: {sha256: hash('sha256', preloadText, 'hex')},
    sbom: {sha256: hash('sha256', sbomText, 'hex')},
    bridges: Object.fromEntries(parts.flatMap(({bridge}) => (bridge ? [[bridge.key, treeOf(bridge)]] : []))),
    servers: Object.fromEntries(parts.map(part => [part.server.name, releasedServer(part)])),
    secretNames,
    contracts: Object.fromEntries(
      [...contracts].map(([name, {text, digest}]) => [name, {sha256: hash('sha256', text, 'hex'), digest}]),
    ),
  } satisfies Omit<Release, 'digest'>
  const release: Release = {...content, digest: releaseDigest(content)}
  const texts = {
    'ingress.mjs': ingressText,
    'preload/loopback.mjs': preloadText,
    'sbom.cdx.json': sbomText,
    ...Object.fromEntries([...contracts].map(([name, {text}]) => [contractPath('', name), text])),
  }
  const path = await assembleRelease({release, servers, texts, releases: join(buildRoot, 'releases'), signal})
  return {
    release,
    path,
    built: made.filter(one => one.made).map(({artifact}) => artifact.key),
    reused: made.filter(one => !one.made).map(({artifact}) => artifact.key),
  }
}

const ownIngress = join(import.meta.dirname, '..', '..', '..', 'ingress', 'main.ts')
const ownPreload = join(import.meta.dirname, 'loopback.ts')

type Server = BuildRelease['fleet']['servers'][number]

interface Committed {
  text: string
  digest: string
}

function committedContracts({folder, servers}: BuildRelease['fleet']): Map<string, Committed> {
  return new Map(
    servers.flatMap(({name}) => {
      const contract = readContract(contractPath(folder, name), name)
      return contract === undefined ? [] : [[name, {text: contractText(contract), digest: contract.digest}] as const]
    }),
  )
}

interface Parts {
  artifact: Artifact
  bridge?: Artifact
}

function partsOf({name, source, bridge}: Server, artifacts: ReadonlyMap<string, Artifact>): Parts {
  const found = (key: string): Artifact => {
    const artifact = artifacts.get(key)
    if (artifact === undefined) throw new Error(`no artifact was planned for ${key}`)
    return artifact
  }
  const artifact = found(source.npm === undefined ? name : packageSpec(source.npm, '').key)
  return bridge === undefined ? {artifact} : {artifact, bridge: found(packageSpec(bridge.npm, '').key)}
}

function releasedServer({server, artifact, bridge}: Parts & {server: Server}): ReleasedServer {
  return {...treeOf(artifact), argv: serverArgv(server, {server: artifact.tree, bridge: bridge?.tree})}
}

function treeOf({origin, version, digest, scripts = []}: Artifact): ReleasedTree {
  return {origin, version, digest, ...(scripts.length > 0 && {scripts})}
}

// Building needs no secret of a server, and code that runs in a build could keep one.
function without(environment: Readonly<Record<string, string | undefined>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)))
}
