// The npm packages of a CycloneDX bill of materials, each version once.

export interface PackageVersion {
  name: string
  version: string
}

/** `text` is the bill's JSON; what is no npm package is left out. */
export function packagesOf(text: string): PackageVersion[] {
  const {components = []} = JSON.parse(text) as {components?: {purl?: string}[]}
  const found = components.flatMap(({purl = ''}) => {
    // pkg:npm/%40scope/name@version (package-url specification)
    const [, name, version] = /^pkg:npm\/(.+)@([^@?#]+)/.exec(purl) ?? []
    return name === undefined || version === undefined ? [] : [{name: decodeURIComponent(name), version}]
  })
  return [...new Map(found.map(one => [`${one.name}@${one.version}`, one])).values()]
}
