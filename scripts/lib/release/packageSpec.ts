// An npm package with its exact version, and the folder name that stands for it.
import type {Fleet} from '../fleet/resolveFleet.ts'

export interface PackageSpec {
  name: string
  version: string
  /** The spec as a folder name: @scope+name@1.2.3. */
  key: string
  /** The first place in the fleet file that asks for it. */
  place: string
  /** Names of the packages in its tree whose install scripts may run, sorted. */
  scripts: readonly string[]
}

/** `text` is name@version, as the schema of the fleet file has checked. */
export function packageSpec(text: string, place: string, scripts: readonly string[] = []): PackageSpec {
  const at = text.lastIndexOf('@')
  return {name: text.slice(0, at), version: text.slice(at + 1), key: text.replace('/', '+'), place, scripts}
}

/** Every distinct package of the fleet, servers' and bridges', each once; servers that share a tree share its install scripts. */
export function packageSpecs(fleet: Pick<Fleet, 'servers'>): PackageSpec[] {
  const asked = fleet.servers.flatMap(({name, source, bridge}) => [
    ...(source.npm === undefined ? [] : [packageSpec(source.npm, `servers.${name}.source.npm`, source.scripts)]),
    ...(bridge === undefined ? [] : [packageSpec(bridge.npm, `servers.${name}.bridge.npm`, bridge.scripts)]),
  ])
  return [...Map.groupBy(asked, ({key}) => key).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const scripts = new Set([first, ...others].flatMap(spec => spec.scripts))
    return [{...first, scripts: [...scripts].sort()}]
  })
}
