// Proves that the bill of materials has the shape that CycloneDX 1.5 asks for, names everything, and has no date.
import {strict as assert} from 'node:assert'
import {test} from 'node:test'
import type {Artifact} from '../../../scripts/lib/release/artifact.ts'
import {type Bom, sbom} from '../../../scripts/lib/release/sbom.ts'

// As npm writes it for a lock whose root needs `name`, which needs `below`.
function npmSbom(name: string, below: string): unknown {
  const component = (ref: string) => {
    const [part, version] = ref.split('@')
    const hashes = [{alg: 'SHA-512', content: 'ab'.repeat(64)}]
    return {'bom-ref': ref, type: 'library', name: part, version, purl: `pkg:npm/${ref}`, hashes}
  }
  return {
    serialNumber: `urn:uuid:${crypto.randomUUID()}`,
    metadata: {timestamp: new Date().toISOString(), component: component('lock@1.0.0')},
    components: [component(name), component(below)],
    dependencies: [
      {ref: 'lock@1.0.0', dependsOn: [name]},
      {ref: name, dependsOn: [below]},
      {ref: below, dependsOn: []},
    ],
  }
}

function artifact(key: string, bom?: unknown): Artifact {
  return {key, origin: key, version: '1.0.0', tree: '', manifest: '', digest: 'd'.repeat(64), sbom: bom}
}

function release(): Bom {
  const bridge = artifact('bridge@2.0.0', npmSbom('bridge@2.0.0', 'shared@1.0.0'))
  return sbom({
    fleet: 'test',
    runtime: {node: 'v26.10.0', platform: 'linux-x64', sha256: 'c'.repeat(64)},
    servers: {
      echo: {artifact: artifact('echo@1.0.0', npmSbom('echo@1.0.0', 'shared@1.0.0')), bridge},
      other: {artifact: artifact('other@1.0.0', npmSbom('other@1.0.0', 'shared@2.0.0')), bridge},
      own: {artifact: artifact('own')},
    },
  })
}

test('C11 the bill of materials has one component for each server, bridge, package and the runtime', () => {
  const bom = release()
  assert.deepEqual([bom.bomFormat, bom.specVersion, bom.version], ['CycloneDX', '1.5', 1])
  const refs = bom.components.map(component => component['bom-ref'])
  assert.deepEqual(refs, [
    'bridge:bridge@2.0.0',
    'bridge@2.0.0#bridge@2.0.0',
    'bridge@2.0.0#shared@1.0.0',
    'echo@1.0.0#echo@1.0.0',
    'echo@1.0.0#shared@1.0.0',
    'other@1.0.0#other@1.0.0',
    'other@1.0.0#shared@2.0.0',
    'runtime:node',
    'server:echo',
    'server:other',
    'server:own',
  ])
  for (const {type, name, version, hashes} of bom.components) {
    assert.ok(['application', 'library', 'platform'].includes(type) && name !== '' && version !== '')
    const lengths = {'SHA-256': 64, 'SHA-512': 128} as Record<string, number>
    for (const {alg, content} of (hashes ?? []) as {alg: string; content: string}[])
      assert.equal(content.length, lengths[alg])
    assert.equal(hashes === undefined, type === 'application')
  }
})

test('C11 every reference in the bill of materials leads to a component, and every component is reached', () => {
  const {components, dependencies, metadata} = release()
  const refs = [metadata.component['bom-ref'], ...components.map(component => component['bom-ref'])]
  assert.deepEqual(dependencies.map(({ref}) => ref).toSorted(), refs.toSorted())
  const reached = new Set<string>()
  const follow = (ref: string) => {
    if (reached.has(ref)) return
    reached.add(ref)
    for (const next of dependencies.find(entry => entry.ref === ref)?.dependsOn ?? []) follow(next)
  }
  follow('fleet:test')
  assert.deepEqual([...reached].toSorted(), refs.toSorted())
})

test('C11 the bill of materials is the same each time, and says of which part it does not know the packages', () => {
  const bom = release()
  assert.deepEqual(release(), bom)
  assert.doesNotMatch(JSON.stringify(bom), /timestamp|serialNumber/)
  assert.deepEqual(bom.compositions, [
    {aggregate: 'complete', assemblies: ['server:echo', 'server:other', 'bridge:bridge@2.0.0']},
    {aggregate: 'incomplete', assemblies: ['server:own']},
  ])
})
