// An npm package with its exact version, and the folder name that stands for it.
import type {Fleet} from '../fleet/resolveFleet.ts'

export interface PackageSpec {
  name: string
  version: string
  /** The spec as a folder name: @scope+name@1.2.3. */
  key: string
  /** The first place in the fleet file that asks for it. */
  place: string
}

/** `text` is name@version, as the schema of the fleet file has checked. */
export function packageSpec(text: string, place: string): PackageSpec {
  const at = text.lastIndexOf('@')
  return {name: text.slice(0, at), version: text.slice(at + 1), key: text.replace('/', '+'), place}
}

/** Every distinct package of the fleet, servers' and bridges', each once. */
export function packageSpecs(fleet: Pick<Fleet, 'servers'>): PackageSpec[] {
  const specs = fleet.servers.flatMap(({name, source, bridge}) => [
    ...(source.npm === undefined ? [] : [packageSpec(source.npm, `servers.${name}.source.npm`)]),
    ...(bridge === undefined ? [] : [packageSpec(bridge.npm, `servers.${name}.bridge.npm`)]),
  ])
  return [...new Map(specs.toReversed().map(spec => [spec.key, spec])).values()].toReversed()
}
