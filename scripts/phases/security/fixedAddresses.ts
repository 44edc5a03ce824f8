// Finds addresses that stand fixed in program text, where an environment could not have its own.
import type {SourceFile} from './sourceFiles.ts'

export interface AddressPlace {
  path: string
  line: number
  address: string
}

const program = /\.([cm]?[jt]sx?|py|rb|go|rs|sh|json|ya?ml|toml)$/
const notProgram =
  /(^|\/)(__tests__|tests?|docs|examples?)\/|\.(test|spec|d)\.[cm]?[jt]sx?$|(^|\/)(package|package-lock|tsconfig[^/]*)\.json$|lock\.(json|ya?ml)$/
const quoted = /(?<=["'`])(?:https?|wss?|rediss?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqps?):\/\/[^"'`\s$\\{}<>]+/g
// Names that only look like addresses: of schemas and of examples (RFC 2606).
const onlyName =
  /\/\/([\w-]+\.)*(json-schema\.org|w3\.org|schemastore\.org|example(\.(com|org|net))?|[\w-]+\.(example|test|invalid))(?=[:/]|$)/
const fromEnvironment = /process\.env|os\.environ|getenv|import\.meta\.env/
const schemaKey = /["']?\$?(schema|id)["']?\s*:/

/** Each address with its place. A default of what the environment may set is not fixed, and neither is a schema's name. */
export function fixedAddresses(files: readonly SourceFile[]): AddressPlace[] {
  return files
    .filter(({path, written}) => written && program.test(path) && !notProgram.test(path))
    .flatMap(({path, text}) =>
      text.split('\n').flatMap((line, index) => {
        if (!line.includes('://') || fromEnvironment.test(line) || schemaKey.test(line)) return []
        const found = (line.match(quoted) ?? []).filter(address => !onlyName.test(address))
        return found.map(address => ({path, line: index + 1, address: withoutPassword(address)}))
      }),
    )
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//…@')
}
