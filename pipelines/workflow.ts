// Writes .github/workflows from the pipelines and the fleet file; --check says what drifted instead.
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'
import {readFlags} from '../scripts/lib/cli/flags.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import {checkoutMode, writeAtomically} from '../scripts/lib/files/writeAtomically.ts'
import {readFleetText} from '../scripts/lib/fleet/readFleetText.ts'
import {drift} from './workflows/drift.ts'
import {type WorkflowFile, workflowFiles} from './workflows/workflowFiles.ts'
import {mark} from './workflows/writtenWorkflow.ts'

const own = {check: {type: 'boolean'}} as const

await program(async () => {
  const flags = readFlags(process.argv.slice(2), process.env, own)
  const path = resolve(flags.fleetPath)
  const folder = join(dirname(path), '.github', 'workflows')
  const wanted = workflowFiles({fleetPath: relative(dirname(path), path), raw: readFleetText(path).value})
  const there = filesIn(folder)
  const differences = drift(wanted, there)
  if (flags.own.check === true) {
    for (const difference of differences) console.error(`.github/workflows/${difference}`)
    if (differences.length > 0) console.error('→ pnpm workflows')
    return differences.length > 0 ? exitCode.bad : exitCode.good
  }
  mkdirSync(folder, {recursive: true})
  for (const {name, text} of wanted) writeAtomically(join(folder, name), text, checkoutMode)
  for (const {name, text} of there)
    if (text.startsWith(mark) && !wanted.some(file => file.name === name)) rmSync(join(folder, name))
  console.log(differences.length === 0 ? 'nothing changed' : differences.map(line => `wrote ${line}`).join('\n'))
  return undefined
})

function filesIn(folder: string): WorkflowFile[] {
  try {
    const names = readdirSync(folder).filter(name => /\.ya?ml$/.test(name))
    return names.map(name => ({name, text: readFileSync(join(folder, name), 'utf8')}))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
