// The bill of materials of a release: what npm says of every lock, in one CycloneDX document without date or random number.
import type {Artifact} from './artifact.ts'
import type {Release} from './release.ts'

interface Component {
  'bom-ref': string
  type: string
  name: string
  version: string
  [key: string]: unknown
}

interface Dependency {
  ref: string
  dependsOn?: string[]
}

export interface Bom {
  $schema: string
  bomFormat: 'CycloneDX'
  specVersion: string
  version: 1
  metadata: {component: Component; tools?: unknown}
  components: Component[]
  dependencies: Dependency[]
  /** Which parts of the document are known to be whole. */
  compositions: {aggregate: 'complete' | 'incomplete'; assemblies: string[]}[]
}

export interface BomParts {
  fleet: string
  runtime: Release['runtime']
  /** Artifact by server, and the bridge that it uses. */
  servers: Record<string, {artifact: Artifact; bridge?: Artifact}>
}

/** Every tree is a component of its own, and so is every package in it, since two trees may resolve one package differently. */
export function sbom({fleet, runtime, servers}: BomParts): Bom {
  const bridges = Object.values(servers).flatMap(({bridge}) => bridge ?? [])
  const trees = [
    ...Object.entries(servers).map(([name, {artifact}]) => ({ref: `server:${name}`, name, artifact})),
    ...[...new Map(bridges.map(bridge => [bridge.key, bridge])).values()].map(artifact => ({
      ref: `bridge:${artifact.key}`,
      name: artifact.key,
      artifact,
    })),
  ]
  const packages = new Map(trees.map(({artifact}) => [artifact.key, packagesOf(artifact)]))
  const listed = [...packages.values()]
  const serverParts = Object.entries(servers).map(([name, {artifact, bridge}]) => ({
    ref: `server:${name}`,
    dependsOn: [
      nodeRef,
      ...(bridge === undefined ? [] : [`bridge:${bridge.key}`]),
      ...(packages.get(artifact.key)?.direct ?? []),
    ].sort(),
  }))
  const bridgeParts = trees
    .filter(({ref}) => ref.startsWith('bridge:'))
    .map(({ref, artifact}) => ({ref, dependsOn: [nodeRef, ...(packages.get(artifact.key)?.direct ?? [])].sort()}))
  const root = `fleet:${fleet}`
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {component: {'bom-ref': root, type: 'application', name: fleet, version: '0.0.0'}},
    components: byRef([
      nodeComponent(runtime),
      ...trees.map(({ref, name, artifact}) => treeComponent(ref, name, artifact)),
      ...listed.flatMap(({components}) => components),
    ]),
    dependencies: [
      {ref: root, dependsOn: serverParts.map(({ref}) => ref).sort()},
      {ref: nodeRef},
      ...serverParts,
      ...bridgeParts,
      ...listed.flatMap(({dependencies}) => dependencies),
    ].sort((one, other) => (one.ref < other.ref ? -1 : 1)),
    compositions: [
      {aggregate: 'complete', assemblies: refs(trees, true)},
      {aggregate: 'incomplete', assemblies: refs(trees, false)},
    ].filter(({assemblies}) => assemblies.length > 0) as Bom['compositions'],
  }
}

const nodeRef = 'runtime:node'

function nodeComponent({node, platform, sha256}: Release['runtime']): Component {
  const version = node.replace(/^v/, '')
  return {
    'bom-ref': nodeRef,
    type: 'platform',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}?arch=${platform.split('-').at(-1)}&os=${platform.split('-')[0]}`,
    hashes: [{alg: 'SHA-256', content: sha256}],
  }
}

// The digest of a tree is that of its manifest, not of a file, so it is a property and no hash.
function treeComponent(ref: string, name: string, {origin, version, digest, scripts = []}: Artifact): Component {
  const properties = [
    {name: 'seaworthy:origin', value: origin},
    {name: 'seaworthy:tree-digest', value: digest},
    ...scripts.map(value => ({name: 'seaworthy:install-script-run', value})),
  ]
  return {'bom-ref': ref, type: 'application', name, version, properties}
}

// The name that a package has within its tree becomes one that is unique in the document.
function packagesOf({key, sbom: own}: Artifact) {
  const bom = own as Bom | undefined
  if (bom === undefined) return {components: [], dependencies: [], direct: []}
  const named = (ref: string) => `${key}#${ref}`
  const root = bom.metadata.component['bom-ref']
  const dependencies = bom.dependencies.map(({ref, dependsOn = []}) => ({ref, dependsOn: dependsOn.map(named).sort()}))
  return {
    components: bom.components.map(component => ({...component, 'bom-ref': named(component['bom-ref'])})),
    dependencies: dependencies.filter(({ref}) => ref !== root).map(entry => ({...entry, ref: named(entry.ref)})),
    direct: dependencies.find(({ref}) => ref === root)?.dependsOn ?? [],
  }
}

function byRef(components: Component[]): Component[] {
  return components.sort((one, other) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1))
}

function refs(trees: {ref: string; artifact: Artifact}[], isListed: boolean): string[] {
  return trees.filter(({artifact}) => (artifact.sbom !== undefined) === isListed).map(({ref}) => ref)
}
