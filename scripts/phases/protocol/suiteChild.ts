// A program: runs scenarios of the official conformance suite against one URL and prints their results as one line of JSON.
// Arguments: URL, milliseconds for each scenario, and REVISION:SCENARIO for each. It ends with its standard input.
import {globSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const [url = '', timeoutMs = '5000', ...wanted] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
const suite = import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js')
const exit = process.exit.bind(process)

function end(code: number): never {
  rmSync(folder, {recursive: true, force: true})
  return exit(code)
}

function report(): never {
  const results = wanted.flatMap(one => {
    const [revision = '', scenario = ''] = one.split(':')
    const [file] = globSync('*/checks.json', {cwd: join(folder, revision, scenario)})
    if (file === undefined) return []
    const checks: Record<string, unknown>[] = JSON.parse(readFileSync(join(folder, revision, scenario, file), 'utf8'))
    const brief = checks.map(({id, status, errorMessage, details}) => ({
      id,
      status,
      untestable: (details as {untestable?: unknown} | undefined)?.untestable === true || undefined,
      error: errorMessage === undefined ? undefined : String(errorMessage).slice(0, 400),
    }))
    return [{revision, scenario, checks: brief}]
  })
  process.stdout.write(JSON.stringify(results), () => end(0))
  return undefined as never
}

process.stdin.resume().on('close', () => end(130))

// The suite is a program without an interface: one start for one scenario takes half a second of a core, most of it to load. So it
// is loaded once for each under another address, which shares what it imports, and its end is counted instead of obeyed.
process.exit = afterLast(wanted.length, report) as typeof process.exit
console.log = () => undefined

for (const one of wanted) {
  const [revision = '', scenario = ''] = one.split(':')
  const options = {
    url,
    scenario,
    'spec-version': revision,
    'output-dir': join(folder, revision, scenario),
    timeout: timeoutMs,
  }
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  process.argv = [process.execPath, suite, 'server', ...words]
  await import(`${suite}?${one}`)
}

function afterLast(calls: number, then: () => void): () => void {
  let left = calls
  return () => {
    left -= 1
    if (left === 0) then()
  }
}
