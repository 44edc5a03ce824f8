// One thing wrong with the configuration: where, what was expected, what was found, what to do.

export type Path = (string | number)[]

export type Fault = {
  /** A path into the file, or the name of an environment variable. */
  place: {path: Path} | {variable: string} | {file: string}
  problem: string
  remedy: string
}

/** `providers[0].models[1].name` */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}

/** A value as it may be shown: short, and without the user name and password that a URL can hold. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  const withoutCredentials = text.replace(/\/\/[^/@\s"]*@/g, '//…@')
  return withoutCredentials.length > 80 ? `${withoutCredentials.slice(0, 79)}…` : withoutCredentials
}

/** The fault as two lines; `locate` finds a path's `line:column` in the file. */
export function faultText(fault: Fault, file: string, locate: (path: Path) => string): string {
  const place =
    'variable' in fault.place
      ? `environment ${fault.place.variable}`
      : 'file' in fault.place
        ? fault.place.file
        : `${file}${locate(fault.place.path)} ${pathText(fault.place.path) || '(top)'}`
  return `${place}: ${fault.problem}\n  → ${fault.remedy}`
}
